import { Select } from '@mantine/core';
import { DTYPES, type Dtype, type ModelWish } from '../../domain/index.ts';
import type { Environment } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import classes from './Models.module.css';
import { chosenId, DEVICE_WORDS, DTYPE_WORDS, isHere, nameOf } from './words.ts';

const LEXICAL = 'lexical';

/** The model, the form of its weights and what runs it; each by itself unless it is named. */
export function ModelChoice() {
  const wish = useApp((s) => s.settings.embedding);
  const { entries, advice } = useApp((s) => s.models);
  const environment = useApp((s) => s.environment);
  const { setSettings } = useActions();
  const set = (change: Partial<ModelWish>): void => setSettings({ embedding: { ...wish, ...change } });
  const ids = [
    ...new Set([...entries.filter(isHere).map(({ card }) => card.id), LEXICAL, ...(wish.model === 'auto' ? [] : [wish.model])]),
  ];
  const chosen = chosenId(wish, advice);
  const entry = entries.find(({ card }) => card.id === chosen);
  const dtypes = entry && isHere(entry) && entry.dtypes.length > 0 ? entry.dtypes : DTYPES;
  const offered = wish.dtype === 'auto' || dtypes.includes(wish.dtype) ? dtypes : [...dtypes, wish.dtype];
  const lexical = chosen === LEXICAL;
  return (
    <div className={classes.fields}>
      <Select
        label="Model of a run"
        data={[
          { value: 'auto', label: advice ? `By the languages: ${nameOf(advice.id, entries)}` : 'By the languages of the texts' },
          ...ids.map((id) => ({ value: id, label: nameOf(id, entries) })),
        ]}
        value={wish.model}
        allowDeselect={false}
        onChange={(model) => model !== null && set({ model, dtype: 'auto' })}
      />
      <Select
        label="Weights (dtype)"
        data={[
          { value: 'auto', label: 'By a short trial' },
          ...offered.map((dtype) => ({ value: dtype, label: DTYPE_WORDS[dtype] })),
        ]}
        value={wish.dtype}
        allowDeselect={false}
        disabled={lexical}
        onChange={(dtype) => dtype !== null && set({ dtype: dtype as Dtype | 'auto' })}
      />
      <Select
        label="Runs on"
        data={Object.entries(DEVICE_WORDS).map(([value, label]) => ({ value, label }))}
        value={wish.device}
        description={wish.device === 'webgpu' && !hasWebGpu(environment) ? 'No WebGPU here: WASM will run it.' : undefined}
        inputWrapperOrder={['label', 'input', 'description']}
        allowDeselect={false}
        disabled={lexical}
        onChange={(device) => device !== null && set({ device: device as ModelWish['device'] })}
      />
    </div>
  );
}

/** Null while it is not known yet: then nothing is said. A software adapter is never taken. */
const hasWebGpu = (environment: Environment | null): boolean =>
  environment === null || (environment.webgpu !== null && !environment.software);
