import { Center } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { type AppError, toAppError } from '../../domain/index.ts';
import { ErrorNotice } from '../common/ErrorNotice.tsx';

/** A mistake of ours while drawing: told loudly, with details to report, instead of a blank page. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error: AppError | null }> {
  override state: { readonly error: AppError | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: toAppError(error) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Center h="100%" p="xl">
        <ErrorNotice error={error} />
      </Center>
    );
  }
}
