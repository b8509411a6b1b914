import { closeSync, openSync, writeSync } from "node:fs";
import type { Metadata } from "./gguf-metadata.ts";
import { encodeString, encodeUint32, encodeUint64 } from "./gguf-metadata.ts";

// The layout follows the GGUF version 3 specification (ggml repository, docs/gguf.md).
const magic = "GGUF";
const version = 3;

/** Tensor data starts at multiples of this many bytes, the specification's default. */
export const alignmentBytes = 32;

// The type numbers of `ggml_type`.
const tensorTypes = {
  f32: { number: 0, elementBytes: 4 },
  f16: { number: 1, elementBytes: 2 },
} as const;

export type TensorType = keyof typeof tensorTypes;

/** A tensor's place in the file. The first dimension is the one whose elements lie together. */
export interface TensorShape {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly type: TensorType;
}

/** Fills the next bytes of one tensor. It is called in order, with a whole number of elements. */
export type FillTensor = (bytes: Uint8Array) => void;

// The only data held in memory at once. It is a multiple of every element size.
const chunkBytes = 4 * 1024 * 1024;

function paddingAfter(bytes: number): number {
  return (alignmentBytes - (bytes % alignmentBytes)) % alignmentBytes;
}

export function tensorBytes(tensor: TensorShape): number {
  const elements = tensor.dimensions.reduce((product, dimension) => product * dimension, 1);
  return elements * tensorTypes[tensor.type].elementBytes;
}

function encodeTensorInfo(tensor: TensorShape, offset: number): Buffer {
  return Buffer.concat([
    encodeString(tensor.name),
    encodeUint32(tensor.dimensions.length),
    ...tensor.dimensions.map(encodeUint64),
    encodeUint32(tensorTypes[tensor.type].number),
    encodeUint64(offset),
  ]);
}

/** Encodes all that stands before the tensor data, its padding included. */
export function encodeHeader(metadata: Metadata, tensors: readonly TensorShape[]): Buffer {
  let offset = 0;
  const tensorInfos = tensors.map((tensor) => {
    const info = encodeTensorInfo(tensor, offset);
    offset += tensorBytes(tensor) + paddingAfter(tensorBytes(tensor));
    return info;
  });
  const header = Buffer.concat([
    Buffer.from(magic, "latin1"),
    encodeUint32(version),
    encodeUint64(tensors.length),
    encodeUint64(metadata.length),
    ...metadata.flatMap(([key, value]) => [encodeString(key), value.bytes]),
    ...tensorInfos,
  ]);
  return Buffer.concat([header, Buffer.alloc(paddingAfter(header.length))]);
}

/** The size of the whole file. */
export function fileBytes(header: Uint8Array, tensors: readonly TensorShape[]): number {
  return tensors.reduce(
    (total, tensor) => total + tensorBytes(tensor) + paddingAfter(tensorBytes(tensor)),
    header.length,
  );
}

function writeFully(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(file, bytes, written);
  }
}

function writeTensor(file: number, tensor: TensorShape, fill: FillTensor, chunk: Uint8Array): void {
  const bytesTotal = tensorBytes(tensor);
  for (let offset = 0; offset < bytesTotal; offset += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, bytesTotal - offset));
    fill(part);
    writeFully(file, part);
  }
  writeFully(file, new Uint8Array(paddingAfter(bytesTotal)));
}

/**
 * Writes a GGUF file, one chunk of one tensor at a time. The path must not exist yet. `fillFor` gives
 * the data of each tensor, in the order of the list.
 */
export function writeGguf<Tensor extends TensorShape>(
  path: string,
  header: Uint8Array,
  tensors: readonly Tensor[],
  fillFor: (tensor: Tensor) => FillTensor,
): void {
  const chunk = new Uint8Array(chunkBytes);
  const file = openSync(path, "wx");
  try {
    writeFully(file, header);
    for (const tensor of tensors) writeTensor(file, tensor, fillFor(tensor), chunk);
  } finally {
    closeSync(file);
  }
}
