/** SHA-256 of every file of the built-in model, by its path in the model's folder. */
export const EXPECTED_SHA256: Readonly<Record<string, string>> = {
  'tokenizer.json': 'ae71c9dff4933cd9ac91e71d2a01287a66fc0131b1e8da531d080f2fbb55e662',
  'tokenizer_config.json': '4e70f958bda54dac868bfea2365db18bb1017a62db2d8bab9929315885b58efe',
  'config.json': '1a7ad770e2ec3ac0d3af64cf0d083ea7973492d7025e50cd52b6e173a68fa8e8',
  'onnx/model_quantized.onnx': 'c0106ac2df3284846a18372abefe98f81f92bc6fb5e6564888c26df4d8dc8fba',
  'onnx/model_int8.onnx': 'a3cd62a162d05a9ab966afd996f161f25bc70175511ee37f7918389a894d1dda',
  NOTICE: '86b90b1ce906586ca8bd982d10b06f032005d5dab3d311143cf8bf895980c195',
  LICENSE: '4458503dd48e88c4e0b945fb252a08b93c40ec757309b8ffa7c594dfa1e35104',
};
