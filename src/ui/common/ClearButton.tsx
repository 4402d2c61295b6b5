import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';

/** The cross at the end of a heading that takes away what stands under it; `label` says what. */
export const ClearButton = ({ label, onClear }: { label: string; onClear: () => void }) => (
  <Tooltip label={label}>
    <ActionIcon variant="subtle" color="gray" size="sm" ml="auto" aria-label={label} onClick={onClear}>
      <IconX size={14} />
    </ActionIcon>
  </Tooltip>
);
