import { languageName, othersBeside, type TextLanguages } from '../../domain/index.ts';
import { count } from '../common/format.ts';
import classes from './Models.module.css';

const SHOWN = 6;

/** Shares of the languages, as bars with their figures. */
export function LanguagesFound({ languages }: { languages: TextLanguages | null }) {
  if (languages === null)
    return <p className={classes.remark}>Languages are told once the columns are chosen and nothing is asked.</p>;
  if (languages.lettered === 0) return <p className={classes.remark}>No text has letters.</p>;
  const others = othersBeside(languages, SHOWN);
  return (
    <>
      <h3 className={classes.heading}>Languages of {count(languages.lettered)} texts that were looked at</h3>
      <ul className={classes.languages}>
        {languages.shares.slice(0, SHOWN).map(({ language, script, share }) => (
          <Bar key={`${language} ${script}`} name={languageName({ language, script })} share={share} />
        ))}
        {others >= 0.005 && <Bar name="Others" share={others} />}
      </ul>
    </>
  );
}

const Bar = ({ name, share }: { name: string; share: number }) => (
  <li>
    <span>{name}</span>
    <span className={classes.bar} aria-hidden="true">
      <span style={{ width: `${100 * share}%` }} />
    </span>
    <span className={classes.figure}>{share < 0.005 ? '< 1' : Math.round(100 * share)} %</span>
  </li>
);
