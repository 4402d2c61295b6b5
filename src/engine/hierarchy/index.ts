export { type Cut, cutTree, type Joins, type Merges, mergesOf, sizeOf } from './merges.ts';
