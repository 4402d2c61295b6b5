import type { ReactNode } from 'react';
import classes from './Panel.module.css';

/** A titled part of a side panel, set off by a hairline. */
export const Section = ({ title, children }: { title?: string; children: ReactNode }) => (
  <section className={classes.section}>
    {title && <h3 className={classes.heading}>{title}</h3>}
    {title ? <div style={{ marginTop: 6 }}>{children}</div> : children}
  </section>
);

/** A name and a value. */
export type Fact = readonly [name: string, value: ReactNode];

/** Names and values, values to the right; what is null is left out. */
export const Facts = ({ facts }: { facts: readonly (Fact | null)[] }) => (
  <dl className={classes.facts}>
    {facts
      .filter((fact) => fact !== null)
      .map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);
