import { MultiSelect, Switch, TagsInput } from '@mantine/core';
import { languageName, STOP_WORD_LANGUAGES, type WordSettings } from '../../domain/index.ts';
import { useActions } from '../app/store-context.tsx';
import { FieldGrid } from './fields.tsx';
import classes from './SettingsPanel.module.css';

/** Words that say nothing of a topic: left out of names of segments, and of the vectors by words. */
export function WordFields({ words }: { words: WordSettings }) {
  const { setSettings } = useActions();
  const set = (change: Partial<WordSettings>): void => setSettings({ words: { ...words, ...change } });
  return (
    <FieldGrid title="Words">
      <Switch
        className={classes.switch}
        label="Leave out stop words"
        description="In names, and where segments are by words"
        checked={words.stopWords}
        onChange={() => set({ stopWords: !words.stopWords })}
      />
      {words.stopWords && <LanguageField words={words} onChange={(languages) => set({ languages })} />}
      <TagsInput
        size="xs"
        label="Words to leave out, too"
        description="Type a word and press Enter"
        value={[...words.extra]}
        onChange={(extra) => set({ extra: [...new Set(extra.map((word) => word.trim().toLowerCase()))].filter(Boolean) })}
      />
    </FieldGrid>
  );
}

const LANGUAGES = STOP_WORD_LANGUAGES.map((code) => ({
  value: code,
  label: languageName({ language: code, script: '' }),
})).toSorted((a, b) => (a.label < b.label ? -1 : 1));

const LanguageField = ({
  words,
  onChange,
}: {
  words: WordSettings;
  onChange: (languages: WordSettings['languages']) => void;
}) => (
  <MultiSelect
    label="Of the languages"
    placeholder={words.languages === 'auto' ? 'found in the texts' : ''}
    data={LANGUAGES}
    value={words.languages === 'auto' ? [] : [...words.languages]}
    searchable
    clearable
    onChange={(codes) => onChange(codes.length === 0 ? 'auto' : codes)}
  />
);
