import type { AnalysisResult } from '../domain/index.ts';
import type { AppActions, AppState, ExportKind } from './app-state.ts';
import { withCuts } from './levels.ts';
import type { AppServices } from './services.ts';

interface ExportTools {
  readonly get: () => AppState;
  readonly services: Pick<AppServices, 'exports' | 'save'>;
  readonly notify: (error: unknown) => void;
}

/** Files of the result that is shown, as it is shown. */
export const exportActions = ({ get, services, notify }: ExportTools): Pick<AppActions, 'export'> => ({
  export(kind) {
    const { result } = get();
    if (!result) return;
    try {
      services.save(...fileOf(kind, withCuts(result, get().view), services));
    } catch (error) {
      notify(error);
    }
  },
});

function fileOf(kind: ExportKind, result: AnalysisResult, { exports }: Pick<AppServices, 'exports'>): [string, Blob] {
  switch (kind) {
    case 'assignments':
      return ['assignments.csv', exports.assignmentsCsv(result)];
    case 'tracks':
      return ['tracks.json', exports.tracksJson(result)];
    case 'accounting':
      return ['accounting.json', exports.accountingJson(result)];
    case 'manifest':
      return ['manifest.json', exports.manifest(result)];
  }
}
