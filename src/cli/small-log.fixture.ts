import { generateLog, type LogRow, toCsv } from '../testing/index.ts';

/** For tests: the first four months of 150 users, about 2,000 rows with many interests. */
export const smallLog = (): LogRow[] => generateLog({ seed: 1, users: 150 }).rows.filter((r) => r.timestamp < '2024-05');

const TITLES = ['Baking Bread', 'Black Holes', 'Growing Roses', 'The Striker', 'Fishing for Trout', 'Sewing a Quilt'];

/** For tests: one day: 12 users with three events each before noon, 4 of them after noon, 2 with one event in the evening. */
export function toursCsv(): string {
  const rows = [...visits(12, '06', 3), ...visits(4, '12', 3), ...visits(2, '18', 1)];
  return toCsv(rows);
}

function visits(users: number, hour: string, times: number): LogRow[] {
  return Array.from({ length: users * times }, (_, i) => ({
    user_id: `u${i % users}`,
    timestamp: `2024-03-05T${hour}:${String(i + 10).padStart(2, '0')}:00Z`,
    event_type: 'loan',
    item_id: '',
    title: TITLES[(i % users) % TITLES.length] as string,
    quantity: 1,
    interest: '',
  }));
}
