export { joinBehaviour, scalesOf } from './join.ts';
export { measureBehaviour } from './measure.ts';
export { type BehaviourPlan, planBehaviour, typesKnownUntil } from './plan.ts';
export { fitScale, type RobustScale, scaled } from './scale.ts';
