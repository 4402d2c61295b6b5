import { expect, test } from 'vitest';
import { abilityError, CancelledError, type SearchHits } from '../domain/index.ts';
import { NO_SEARCH } from './search.ts';
import { type ManualRun, RESULT, running, settled } from './store.fixture.ts';

const hitsOf = (query: string): SearchHits => ({
  ...{ query, texts: [{ text: query, cosine: 1, users: 1 }], users: [], segments: [] },
  ...{ toSegments: { cosine: new Float32Array(), bright: new Uint8Array() }, standsOut: true },
  ...{ light: new Float32Array(), milliseconds: 3 },
});

/** A page that shows a result. */
async function shown() {
  const app = await running();
  app.run.resolve(RESULT);
  await settled();
  const answer = async (at: number): Promise<void> => {
    const search = app.searches[at];
    search?.resolve(hitsOf(search.query));
    await settled();
  };
  return { ...app, answer, asked: () => app.searches.map(({ query }) => query) };
}

test('a query is asked once, and its answer is told', async () => {
  const { actions, get, asked, answer } = await shown();
  actions.search(' space ');
  expect(get().search).toEqual({ query: 'space', going: true, hits: null, error: null });
  actions.search('space');
  await answer(0);
  expect(get().search).toEqual({ query: 'space', going: false, hits: hitsOf('space'), error: null });
  actions.search('space');
  expect(asked()).toEqual(['space']);
});

test('the newest wins: while one is under way others wait, and only the last of them is asked', async () => {
  const { actions, get, asked, answer } = await shown();
  for (const query of ['s', 'sp', 'spa', 'space']) actions.search(query);
  await answer(0);
  expect(get().search).toMatchObject({ query: 'space', going: true, hits: null });
  await answer(1);
  expect(asked()).toEqual(['s', 'space']);
  expect(get().search).toMatchObject({ going: false, hits: { query: 'space' } });
});

test('the former answer stays in view until the next is there', async () => {
  const { actions, get, answer } = await shown();
  actions.search('space');
  await answer(0);
  actions.search('bread');
  expect(get().search).toMatchObject({ query: 'bread', going: true, hits: { query: 'space' } });
  await answer(1);
  expect(get().search.hits?.query).toBe('bread');
});

test('a search that is cleared stays so, whatever comes late', async () => {
  const { actions, get, answer } = await shown();
  actions.search('space');
  actions.clearSearch();
  await answer(0);
  expect(get().search).toEqual(NO_SEARCH);
});

test('without words nothing is shown and all is made ready; the first words wait for that', async () => {
  const { actions, get, asked, answer, searches } = await shown();
  actions.search('');
  expect(get().search).toEqual(NO_SEARCH);
  actions.search('space');
  expect(asked()).toEqual(['']);
  searches[0]?.reject(abilityError('no-result', 'gone', ''));
  await settled();
  expect(asked()).toEqual(['', 'space']);
  expect(get().search.error).toBeNull();
  await answer(1);
  expect(get().search.hits?.query).toBe('space');
});

test('an error is told in the place of hits, and the next query clears it', async () => {
  const { actions, get, searches, answer } = await shown();
  actions.search('space');
  searches[0]?.reject(abilityError('no-result', 'It is gone.', 'Analyse again.'));
  await settled();
  expect(get().search).toMatchObject({ going: false, hits: null, error: { message: 'It is gone.' } });
  actions.search('spaces');
  expect(get().search.error).toBeNull();
  await answer(1);
  expect(get().search.hits?.query).toBe('spaces');
});

test('a search whose worker was ended tells no error', async () => {
  const { actions, get, searches } = await shown();
  actions.search('space');
  searches[0]?.reject(new CancelledError());
  await settled();
  expect(get().search).toMatchObject({ going: false, hits: null, error: null });
});

test('a new result clears the search, and an answer about the former is dropped; the same words are asked again', async () => {
  const { actions, get, runs, asked, answer } = await shown();
  actions.search('space');
  void actions.analyse();
  (runs[1] as ManualRun).resolve({ ...RESULT, profiles: { ...RESULT.profiles } });
  await settled();
  expect(get().search).toEqual(NO_SEARCH);
  actions.search('space');
  await answer(0);
  expect(get().search).toMatchObject({ query: 'space', going: true, hits: null });
  await answer(1);
  expect(asked()).toEqual(['space', 'space']);
  expect(get().search).toMatchObject({ going: false, hits: { query: 'space' } });
});

test('trust that becomes known leaves the search as it is', async () => {
  const app = await running();
  app.run.part({ kind: 'result', result: RESULT });
  app.actions.search('space');
  app.searches[0]?.resolve(hitsOf('space'));
  await settled();
  app.run.part({ kind: 'trust', trust: RESULT.trust });
  app.run.resolve({ ...RESULT, profiles: { ...RESULT.profiles } });
  await settled();
  expect(app.get().search.hits?.query).toBe('space');
});

test('without a result there is nothing to ask', async () => {
  const { actions, get, searches } = await running();
  actions.search('space');
  expect(searches).toHaveLength(0);
  expect(get().search).toEqual(NO_SEARCH);
});
