import type { Dtype, ModelCard, StoredFile } from '../domain/index.ts';

/** The English model that is served with the page. */
export const BUILT_IN_ID = 'use-lite';

const NO_PREFIX = { text: '', query: '' };

/** Universal Sentence Encoder Lite as src/build/model makes it. */
export const BUILT_IN_CARD: ModelCard = {
  id: BUILT_IN_ID,
  name: 'Universal Sentence Encoder Lite',
  kind: 'semantic',
  languages: ['en'],
  dims: 512,
  licence: 'Apache-2.0',
  bytes: { q8: 7_223_010, int8: 7_217_803 },
  pooling: 'output',
  prefix: NO_PREFIX,
  maxTokens: 128,
};

/** What the hub has of a model, at one revision. */
export interface HubModel {
  readonly card: ModelCard;
  /** Commit of the repository: sizes and hashes hold for it. */
  readonly revision: string;
  /** Beside the model file. */
  readonly shared: readonly { readonly path: string; readonly bytes: number }[];
  /** Of the model files, where known. */
  readonly sha256: Readonly<Partial<Record<Dtype, StoredFile['sha256']>>>;
}

const words = (list: string): readonly string[] => list.split(' ');

/** Of paraphrase-multilingual-MiniLM-L12-v2; fr-ca, pt-br, zh-cn and zh-tw under their language, nb also as no. */
const PARAPHRASE_LANGUAGES = words(
  'ar bg ca cs da de el en es et fa fi fr gl gu he hi hr hu hy id it ja ka ko ku lt lv mk mn mr ms my nb nl no pl pt ro ru sk sl sq sr sv th tr uk ur vi zh',
);

/** Of multilingual-e5-small: those of XLM-R. */
const E5_LANGUAGES = words(
  'af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi hr hu hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my ne nl no om or pa pl ps pt ro ru sa sd si sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh',
);

/** Of snowflake-arctic-embed-l-v2.0, without ceb, which ISO 639-1 has no code for. */
const ARCTIC_LANGUAGES = words(
  'af ar az be bg bn ca cs cy da de el en es et eu fa fi fr gl gu he hi hr ht hu hy id is it ja jv ka kk km kn ko ky lo lt lv mk ml mn mr ms my ne nl pa pl pt qu ro ru si sk sl so sq sr sv sw ta te th tl tr uk ur vi yo zh',
);

const files = (config: number, tokenizer: number, tokenizerConfig: number): HubModel['shared'] => [
  { path: 'config.json', bytes: config },
  { path: 'tokenizer.json', bytes: tokenizer },
  { path: 'tokenizer_config.json', bytes: tokenizerConfig },
];

/**
 * Models that can be fetched from the hub (huggingface.co), all as transformers.js loads them.
 *
 * Languages, dimensions, licence, pooling, prefixes and lengths are those of the model cards of the repositories named by `id` and of the ones
 * that they were made from (sentence-transformers/..., BAAI/..., intfloat/...); the two MiniLM are cut where their sentence_bert_config.json says,
 * which is shorter than their tokenizer would. E5 wants "query: " before both texts where they are clustered or compared, and "passage: " only
 * where long passages are looked for. Sizes and hashes are those of the files at `revision`; a dtype whose size was not found is left out.
 */
export const HUB_MODELS: readonly HubModel[] = [
  {
    card: {
      id: 'Xenova/all-MiniLM-L6-v2',
      name: 'all-MiniLM-L6-v2',
      kind: 'semantic',
      languages: ['en'],
      dims: 384,
      licence: 'Apache-2.0',
      bytes: { fp32: 90_387_606, q8: 22_972_370 },
      pooling: 'mean',
      prefix: NO_PREFIX,
      maxTokens: 256,
    },
    revision: '751bff37182d3f1213fa05d7196b954e230abad9',
    shared: files(650, 711_661, 366),
    sha256: {
      fp32: '759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e',
      q8: 'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1',
    },
  },
  {
    card: {
      id: 'Xenova/bge-small-en-v1.5',
      name: 'bge-small-en-v1.5',
      kind: 'semantic',
      languages: ['en'],
      dims: 384,
      licence: 'MIT',
      bytes: { fp32: 133_093_490, fp16: 66_749_212, q8: 34_014_426 },
      pooling: 'cls',
      prefix: { text: '', query: 'Represent this sentence for searching relevant passages: ' },
      maxTokens: 512,
    },
    revision: 'ea104dacec62c0de699686887e3f920caeb4f3e3',
    shared: files(683, 711_396, 366),
    sha256: {
      fp16: '4d76223b73a3fd708f009a93a830a6ed5e536b07c77d3c812ba7b35a4988d767',
      q8: '6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4',
    },
  },
  {
    card: {
      id: 'Xenova/bge-small-zh-v1.5',
      name: 'bge-small-zh-v1.5',
      kind: 'semantic',
      languages: ['zh'],
      dims: 512,
      licence: 'MIT',
      bytes: { fp16: 47_497_427, q8: 24_010_842 },
      pooling: 'cls',
      prefix: { text: '', query: '为这个句子生成表示以用于检索相关文章：' },
      maxTokens: 512,
    },
    revision: '75c43b069aac4d136ba6bc1122f995fedcfd2781',
    shared: files(716, 439_125, 367),
    sha256: {
      fp16: '60d0fe5eb8d4e251d4b24dff010a2625c10a013503f0d09f625e8a9b0311315f',
      q8: '15b717c382bcb518ba457b93ea6850ede7f4f1cd8937454aa06972366cd19bcc',
    },
  },
  {
    card: {
      id: 'Xenova/multilingual-e5-small',
      name: 'multilingual-e5-small',
      kind: 'semantic',
      languages: E5_LANGUAGES,
      dims: 384,
      licence: 'MIT',
      bytes: { fp16: 235_336_732, q8: 118_308_185 },
      pooling: 'mean',
      prefix: { text: 'query: ', query: 'query: ' },
      maxTokens: 512,
    },
    revision: '761b726dd34fb83930e26aab4e9ac3899aa1fa78',
    shared: files(658, 17_082_730, 443),
    sha256: {
      fp16: '0e0fe349c99ea21c6f3aa273af21f7fb753c1e1174ef1647032029c2be3251c3',
      q8: 'f80102d3f2a1229f387d3c81909990d8945513e347b0eab049f7de3c6f98c193',
    },
  },
  {
    card: {
      id: 'Xenova/paraphrase-multilingual-MiniLM-L12-v2',
      name: 'paraphrase-multilingual-MiniLM-L12-v2',
      kind: 'semantic',
      languages: PARAPHRASE_LANGUAGES,
      dims: 384,
      licence: 'Apache-2.0',
      bytes: { fp32: 470_268_510, q8: 118_308_126 },
      pooling: 'mean',
      prefix: NO_PREFIX,
      maxTokens: 128,
    },
    revision: '2c4055b12046f11709e9df2c122e59ffbdc2f900',
    shared: files(673, 17_082_913, 496),
    sha256: { q8: '66fc00f5f29afcaff34092e1bdd20008ca3918265a82fb9695a551e510cc4ebc' },
  },
  {
    card: {
      id: 'Snowflake/snowflake-arctic-embed-l-v2.0',
      name: 'snowflake-arctic-embed-l-v2.0',
      kind: 'semantic',
      languages: ARCTIC_LANGUAGES,
      dims: 1024,
      licence: 'Apache-2.0',
      bytes: { q8: 569_721_975 },
      pooling: 'cls',
      prefix: { text: '', query: 'query: ' },
      maxTokens: 8192,
    },
    revision: 'ac6544c8a46e00af67e330e85a9028c66b8cfd9a',
    shared: files(818, 17_083_074, 1339),
    sha256: { q8: '4b164a8bd09dd9806e035bdf3c34a2d81848b3db9642ba2e342b8367c00872d8' },
  },
];
