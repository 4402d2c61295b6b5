import { Group, Text } from '@mantine/core';

export const Brand = ({ size = 22 }: { size?: number }) => (
  <Group gap={8} wrap="nowrap">
    <img src="/icon.svg" alt="" width={size} height={size} />
    <Text fw={600} size="md" style={{ letterSpacing: '-0.01em' }}>
      Murmuration
    </Text>
  </Group>
);
