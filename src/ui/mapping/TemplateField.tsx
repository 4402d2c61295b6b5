import { Button, Group, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { placeOf, proposeTemplate, templateProblem } from '../../domain/index.ts';
import { textPreview } from '../../state/index.ts';
import { useActions, useApp } from '../app/store-context.tsx';
import classes from './TemplateField.module.css';

/** How several text columns become one text, and what comes of it in real rows. */
export function TemplateField() {
  const mapping = useApp((s) => s.mapping);
  const { setMapping } = useActions();
  const input = useRef<HTMLInputElement>(null);
  const { text, template } = mapping;
  if (text.length < 2 && template === null) return null;
  const plain = proposeTemplate(text);
  const value = template ?? plain;
  const problem = templateProblem(mapping);
  const set = (next: string): void => setMapping({ template: next === plain ? null : next });
  const insert = (column: string): void => {
    const field = input.current;
    const at = field?.selectionStart ?? value.length;
    const end = at + placeOf(column).length;
    set(value.slice(0, at) + placeOf(column) + value.slice(field?.selectionEnd ?? at));
    requestAnimationFrame(() => {
      field?.focus();
      field?.setSelectionRange(end, end);
    });
  };
  return (
    <div>
      <TextInput
        ref={input}
        label="Made into one text as"
        value={value}
        spellCheck={false}
        error={problem && `${problem.message} ${problem.hint}`}
        onChange={(event) => set(event.currentTarget.value)}
      />
      <Group gap={4} mt={5}>
        {text.map((column) => (
          <Button
            key={column}
            size="compact-xs"
            variant="default"
            className={classes.column}
            aria-label={`Insert ${column}`}
            leftSection={<IconPlus size={10} />}
            onClick={() => insert(column)}
          >
            {column}
          </Button>
        ))}
        {template !== null && (
          <Button size="compact-xs" variant="subtle" onClick={() => setMapping({ template: null })}>
            Join by spaces
          </Button>
        )}
      </Group>
      {!problem && <Preview />}
    </div>
  );
}

function Preview() {
  const { texts, from } = useApp(useShallow((s) => flat(textPreview(s))));
  if (texts === '') return null;
  return (
    <figure className={classes.preview}>
      <figcaption>{from === 'files' ? 'As in the files' : 'As in the first rows'}</figcaption>
      <ul>
        {texts.split('\n').map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </figure>
  );
}

/** One string that is the same while the texts are. They hold no line breaks by then. */
const flat = ({ texts, from }: ReturnType<typeof textPreview>) => ({
  from,
  texts: texts.map((line) => line.replaceAll('\n', ' ')).join('\n'),
});
