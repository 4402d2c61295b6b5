import { DTYPES, type Dtype } from '../../domain/index.ts';

/** What transformers.js adds to "model" in the name of the file with the weights. */
const SUFFIXES: Readonly<Record<Dtype, string>> = { fp32: '', fp16: '_fp16', q8: '_quantized', int8: '_int8', q4: '_q4' };

/** Below the model's folder: `onnx/model_quantized.onnx` for q8. */
export const modelPath = (dtype: Dtype): string => `onnx/model${SUFFIXES[dtype]}.onnx`;

/** Null for a file that is no model, and for a dtype that is not run here (q4f16, bnb4, uint8, ...). */
export const dtypeOf = (path: string): Dtype | null => DTYPES.find((dtype) => modelPath(dtype) === path) ?? null;
