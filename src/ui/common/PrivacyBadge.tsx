import { Badge, Tooltip } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { IconLock, IconWorldX } from '@tabler/icons-react';
import { useState } from 'react';
import { useActions } from '../app/store-context.tsx';
import { plural } from './format.ts';

/** Counting is cheap and requests are rare; two seconds keep the figure honest without a flicker. */
const REFRESH_MS = 2000;

/** Promise P1, shown: the requests of this page since it was opened, and that none left the origin. Workers' are not seen here. */
export function PrivacyBadge() {
  const { network } = useActions();
  const [{ requests, outside }, refresh] = useState(network);
  useInterval(() => refresh(network()), REFRESH_MS, { autoInvoke: true });
  const safe = outside === 0;
  const Icon = safe ? IconLock : IconWorldX;
  return (
    <Tooltip
      label={
        safe
          ? `${plural(requests, 'request')} of the page since it was opened, all to its own address. A content security policy blocks every other; its workers are held by the same policy.`
          : `The page tried to reach ${plural(outside, 'outside address', 'outside addresses')}, and was stopped by the content security policy. A browser extension may be the cause; if there is none, please report it.`
      }
    >
      <Badge
        variant={safe ? 'transparent' : 'filled'}
        color={safe ? 'gray' : 'red'}
        size="lg"
        radius="sm"
        tt="none"
        fw={450}
        leftSection={<Icon size={13} stroke={1.8} />}
        tabIndex={0}
        className="mu-focus"
        style={{ flexShrink: 0, letterSpacing: 0, fontSize: 12, color: safe ? 'var(--mantine-color-dimmed)' : undefined }}
      >
        {safe ? 'Nothing left this machine' : 'An outside request was blocked'}
      </Badge>
    </Tooltip>
  );
}
