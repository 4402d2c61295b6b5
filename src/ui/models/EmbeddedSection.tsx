import { Text } from '@mantine/core';
import { type AnalysisResult, describeShares, type EmbedReport } from '../../domain/index.ts';
import { count, plural } from '../common/format.ts';
import { type Fact, Facts, Section } from '../common/Panel.tsx';
import classes from './Models.module.css';
import { choiceWords, goldenWords, languageWords, trialWords } from './words.ts';

/** How the texts of a result became vectors: by what, on what, checked how. */
export function EmbeddedSection({ result }: { result: AnalysisResult }) {
  const { model, embedding, languages } = result;
  const lexical = model.kind === 'lexical';
  return (
    <Section title="Texts">
      {lexical && (
        <Text size="sm" mb={6}>
          Segments are by words, not by meaning: texts with the same words are near, texts that say the same in other words are
          not.
        </Text>
      )}
      <Facts
        facts={[
          ['Distinct texts', count(result.distinctTexts)],
          ['Written in', describeShares(languages) || 'no letters'],
          ['Model', model.name],
          ['It knows', languageWords(model)],
          ['Runs as', choiceWords(model)],
          ['Dimensions', `${count(model.dims)} to ${count(result.dims)}`],
          ['Variance kept', `${Math.round(100 * result.explainedVariance)} %`],
          ['Golden check', goldenWords(model)],
          ...embeddingFacts(embedding, lexical),
          model.sha256 ? ['Model file', `sha256 ${model.sha256.slice(0, 10)}…`] : null,
        ]}
      />
      {model.trials.length > 0 && (
        <>
          <h4 className={classes.heading}>Tried at first use, to choose</h4>
          <Facts facts={model.trials.map((trial) => [choiceWords(trial.choice), trialWords(trial)])} />
        </>
      )}
      {/* What went wrong during this run stands in both. */}
      {[...new Set([...model.notes, ...embedding.notes])].map((note) => (
        <Text key={note} size="xs" c="dimmed" mt={6}>
          {note}
        </Text>
      ))}
    </Section>
  );
}

function embeddingFacts({ texts, cached, empty, cut, tokens, seconds }: EmbedReport, lexical: boolean): (Fact | null)[] {
  const embedded = texts - cached - empty;
  const pace = seconds > 0 ? `, ${count(Math.round(embedded / seconds))} texts/s` : '';
  return [
    texts > 0
      ? [
          'Embedded in this run',
          embedded === 0 ? 'none' : `${count(embedded)} (${plural(tokens, lexical ? 'word' : 'token')}${pace})`,
        ]
      : null,
    cached > 0 ? ['Known from before', count(cached)] : null,
    cut > 0 ? ['Cut to the model’s limit', count(cut)] : null,
    empty > 0 ? ['Without a word', count(empty)] : null,
  ];
}
