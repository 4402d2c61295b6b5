import { languageName, type TextLanguages } from '../../domain/index.ts';
import { count } from '../common/format.ts';
import classes from './Models.module.css';

/** Shares of the languages, as bars with their figures. */
export function LanguagesFound({ languages }: { languages: TextLanguages | null }) {
  if (languages === null)
    return <p className={classes.remark}>Languages are told once the columns are chosen and nothing is asked.</p>;
  if (languages.lettered === 0) return <p className={classes.remark}>No text has letters.</p>;
  return (
    <>
      <h3 className={classes.heading}>Languages of {count(languages.lettered)} texts that were looked at</h3>
      <ul className={classes.languages}>
        {languages.shares.slice(0, 6).map(({ language, script, share }) => (
          <li key={`${language} ${script}`}>
            <span>{languageName({ language, script })}</span>
            <span className={classes.bar} aria-hidden="true">
              <span style={{ width: `${100 * share}%` }} />
            </span>
            <span className={classes.figure}>{share < 0.005 ? '< 1' : Math.round(100 * share)} %</span>
          </li>
        ))}
      </ul>
    </>
  );
}
