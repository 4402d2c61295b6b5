import { type AppError, abilityError, type DownloadPlan, type Dtype, inputError } from '../../domain/index.ts';
import { HUB_MODELS, type HubModel } from '../registry.ts';
import { modelFile } from '../source.ts';
import { lazyStream } from './lazy-stream.ts';

export const HUB_HOST = 'huggingface.co';

/** What a content policy must name for a download: the hub, and where it sends a browser for large files (cdn-lfs, cas-bridge.xethub, us.aws.cdn, ...). */
export const HUB_SOURCES: readonly string[] = ['https://huggingface.co', 'https://*.hf.co'];

const SAMPLES = ['https://huggingface.co', 'https://cas-bridge.xethub.hf.co', 'https://us.aws.cdn.hf.co'];

/** @throws AppError input where the hub has no such model, or not in that dtype */
export function hubModel(id: string, dtype: Dtype, known: readonly HubModel[] = HUB_MODELS): HubModel {
  const model = known.find(({ card }) => card.id === id);
  if (model?.card.bytes[dtype] !== undefined) return model;
  const has = model ? `It can be had as ${Object.keys(model.card.bytes).join(', ')}.` : 'It is not in the list of known models.';
  throw inputError(
    'no-such-model',
    `${id} (${dtype}) can’t be fetched from ${HUB_HOST}. ${has}`,
    'Choose another one, or drop its folder here.',
  );
}

/** What would be asked for, and whether `policy`, the page's content policy, lets it through; null = there is none. Asks for nothing. */
export function planDownload(
  id: string,
  dtype: Dtype,
  policy: string | null,
  known: readonly HubModel[] = HUB_MODELS,
): DownloadPlan {
  const { card, shared } = hubModel(id, dtype, known);
  const files = [...shared, { path: modelFile(dtype), bytes: card.bytes[dtype] ?? 0 }];
  return { id, dtype, host: HUB_HOST, files, refused: isAllowed(policy) ? null : REFUSED };
}

const REFUSED =
  'This page may talk to its own server only: its content policy does not name the hub. Whoever runs the server can allow it ' +
  `(the README says which line to change, for ${HUB_SOURCES.join(' and ')}). Or download the files elsewhere and drop their folder here.`;

const isAllowed = (policy: string | null): boolean =>
  policy === null || policy.split(',').every((one) => SAMPLES.every((url) => allows(one, new URL(url))));

/** Whether one policy lets a connection to `url` through (CSP 3, section 6.7.2), as far as hosts and schemes go. */
function allows(policy: string, url: URL): boolean {
  const directives = new Map(
    policy.split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name.toLowerCase(), sources] as const;
    }),
  );
  const sources = directives.get('connect-src') ?? directives.get('default-src');
  return sources === undefined || sources.some((source) => matches(source.toLowerCase(), url));
}

function matches(source: string, url: URL): boolean {
  if (source === '*' || source === url.protocol) return true;
  const [, scheme, host = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/:]+)(?::(?:443|\*))?\/?$/.exec(source) ?? [];
  if (scheme !== undefined && `${scheme}:` !== url.protocol) return false;
  return host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host;
}

/** A file of the hub as it comes in; asked for when it is first read. @throws AppError through the stream */
export function hubFile(
  { card, revision }: HubModel,
  path: string,
  fetchFile: typeof fetch,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const url = `https://${HUB_HOST}/${card.id}/resolve/${revision}/${path}`;
  return lazyStream(() => bodyOf(url, fetchFile), unreachable);
}

async function bodyOf(url: string, fetchFile: typeof fetch): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const response = await fetchFile(url, { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' });
  if (response.ok && response.body) return response.body;
  await response.body?.cancel();
  throw inputError(
    'hub-refused',
    `${HUB_HOST} did not give ${url}: it answered ${response.status}${response.status === 404 ? ' (there is no such file)' : ''}.`,
    'Try again later, or download the files elsewhere and drop their folder here.',
  );
}

const unreachable = (cause: unknown): AppError =>
  abilityError(
    'hub-unreachable',
    `${HUB_HOST} could not be reached: there is no connection, or the content policy of this page’s server does not let it through.`,
    'Look at the connection and try again, or download the files elsewhere and drop their folder here.',
    cause,
  );
