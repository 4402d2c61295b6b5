import type { JobContext } from '../../domain/index.ts';
import type { GpuContext } from '../../gpu/index.ts';
import type { GpuBudget, Pacer } from '../device/index.ts';

/** One kernel of a step. */
export interface Stage {
  readonly pipeline: GPUComputePipeline;
  readonly bind: GPUBindGroup;
  /** Workgroups that would be one unit of work each; a dispatch may have fewer, for they take their units in turn. */
  readonly groups: number;
  /** How the stage is cut where a whole step would be more than a dispatch should hold; null: it is never cut. */
  readonly cut: Cut | null;
}

export interface Cut {
  readonly kernel: string;
  readonly units: number;
  readonly align: number;
  /** Multiply-adds of one unit. */
  readonly work: number;
  /** Queues the range that the dispatches submitted from then on do. */
  range(from: number, to: number): void;
}

/** A step that is done over and over: its stages in order, each of which sees what the ones before wrote. */
export interface Step {
  readonly name: string;
  readonly stages: readonly Stage[];
  /** Multiply-adds of all stages together. */
  readonly work: number;
}

/** Steps of one submission: enough to keep a device busy while a state is read, few enough to be done in vain after the last. */
const MOST_STEPS = 8;

/** Submits steps as the pacer allows: many at once where they are short, one cut into dispatches where it is long. */
export class StepRunner {
  constructor(
    private readonly gpu: GpuContext,
    private readonly pacer: Pacer,
    private readonly limits: GpuBudget,
  ) {}

  /** Steps that one submission may hold; 0: a step must be cut. Half of what is allowed, for two submissions are under way. */
  atOnce({ name, work }: Step): number {
    const allowed = this.pacer.workAtOnce(name);
    return allowed >= work ? Math.max(1, Math.min(MOST_STEPS, Math.floor(allowed / 2 / work))) : 0;
  }

  /** Submits `count` whole steps and returns without waiting for them. */
  submit(step: Step, count: number): Promise<void> {
    return this.gpu.guarded(step.name, () => this.#encode(step.stages, count));
  }

  tell(step: Step, count: number, ms: number): void {
    this.pacer.tell(step.name, count * step.work, ms);
  }

  /** Runs one step, cut where it must be; the job may be cancelled between the cuts. */
  async runCut(step: Step, ctx: JobContext): Promise<void> {
    const started = performance.now();
    for (const stage of step.stages) {
      if (stage.cut === null) await this.gpu.guarded(step.name, () => this.#encode([stage], 1));
      else await this.#runStage(stage, stage.cut, ctx);
    }
    await this.gpu.finished();
    this.tell(step, 1, performance.now() - started);
    await ctx.checkpoint();
  }

  async #runStage(stage: Stage, cut: Cut, ctx: JobContext): Promise<void> {
    const { kernel, units, align, work } = cut;
    await this.pacer.run(
      kernel,
      units,
      align,
      () => work,
      ctx,
      (from, to) =>
        this.gpu.guarded(kernel, () => {
          cut.range(from, to);
          this.#encode([stage], 1);
        }),
    );
    cut.range(0, units);
  }

  #encode(stages: readonly Stage[], count: number): void {
    const encoder = this.gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < count; i++) {
      for (const { pipeline, bind, groups } of stages) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bind);
        pass.dispatchWorkgroups(Math.max(1, Math.min(groups, this.limits.dispatchGroups)));
      }
    }
    pass.end();
    this.gpu.device.queue.submit([encoder.finish()]);
  }
}

/** A bind group 0 with the buffers at their binding numbers. */
export const bindAt = (gpu: GpuContext, pipeline: GPUComputePipeline, at: Readonly<Record<number, GPUBuffer>>): GPUBindGroup =>
  gpu.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: Object.entries(at).map(([binding, buffer]) => ({ binding: Number(binding), resource: { buffer } })),
  });
