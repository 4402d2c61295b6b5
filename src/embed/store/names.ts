import { DTYPES, type Dtype } from '../../domain/index.ts';
import { modelFile } from '../source.ts';

/** Null for a file that is no model, and for a dtype that is not run here (q4f16, bnb4, uint8, ...). */
export const dtypeOf = (path: string): Dtype | null => DTYPES.find((dtype) => modelFile(dtype) === path) ?? null;

/** Weights beside a model file: `onnx/model_fp16.onnx_data`, `onnx/model.onnx_data_1`. */
export const isDataFile = (path: string): boolean => dataOwner(path) !== null;

/** The dtype whose file a data file belongs to. */
export function dataOwner(path: string): Dtype | null {
  const owner = /^(.*\.onnx)(_data(_\d+)?|\.data)$/.exec(path)?.[1];
  return owner === undefined ? null : dtypeOf(owner);
}
