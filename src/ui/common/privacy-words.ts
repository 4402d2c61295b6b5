import type { NetworkCount } from '../../state/index.ts';
import { plural } from './format.ts';

/** What the page says of its requests; those of its workers are not seen in its timeline. @param fetched models that the hub was asked for, by id */
export function privacyWords({ requests, outside, allowed }: NetworkCount, fetched: readonly string[]) {
  if (outside > 0) {
    const label = `The page tried to reach ${plural(outside, 'outside address', 'outside addresses')}, and was stopped by the content security policy. A browser extension may be the cause; if there is none, please report it.`;
    return { safe: false, title: 'An outside request was blocked', label };
  }
  const own = `${plural(requests, 'request')} of the page since it was opened, all to its own address.`;
  const policy =
    allowed.length === 0
      ? 'A content security policy blocks every other; its workers are held by the same policy.'
      : `Whoever runs this server also lets it fetch models from ${allowed.join(' and ')}, once you say yes; its content security policy blocks every other address.`;
  if (fetched.length === 0) return { safe: true, title: 'Nothing left this machine', label: `${own} ${policy}` };
  const asked = `You had ${fetched.join(', ')} fetched from the hub: the name of the model was asked for, and no data went along.`;
  return { safe: true, title: 'No data left this machine', label: `${own} ${asked} ${policy}` };
}
