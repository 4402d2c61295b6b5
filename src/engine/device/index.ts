export { budgetOf, type Chunk, chunksOf, type GpuBudget, slicesOf } from './budget.ts';
export { OwnedBuffers } from './buffers.ts';
export { onDevice } from './on-device.ts';
export { Pacer, type Submit } from './pacer.ts';
export { requireSquaresInRange } from './range.ts';
export { columnMeans, type DeviceChunk, type DeviceRows, openDeviceRows } from './rows.ts';
export { bindAll, destroyAll, submitPass, unwritten } from './submit.ts';
export { default as tileShader, SIDE } from './tile.ts';
