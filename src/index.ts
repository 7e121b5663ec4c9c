/**
 * Regions of CATMAID image stacks as 3-D arrays, in the browser and in Node.
 *
 * @packageDocumentation
 */

export type { Auth } from "./auth.js";
export type { CachedTile, TileCacheOptions, TileCacheStatistics } from "./cache/tile-cache.js";
export { TileCache } from "./cache/tile-cache.js";
export type { ApiParams } from "./client/api-url.js";
export type {
  CatmaidApiLike,
  CatmaidClientOptions,
  CatmaidRequestOptions,
  CatpyCredentials,
} from "./client/catmaid-client.js";
export { CatmaidClient } from "./client/catmaid-client.js";
export type { CatmaidClientLike } from "./client/stack-info-request.js";
export type { CatmaidImageError, CatmaidImageErrorCode, TileErrorReason, TileErrorRecord } from "./errors.js";
export {
  BrokenSliceError,
  CatmaidApiError,
  ClosedError,
  InvalidOptionError,
  InvalidOutError,
  InvalidRoiError,
  InvalidStackError,
  InvalidZoomLevelError,
  isCatmaidImageError,
  NoMirrorError,
  TileDecodeError,
  TileError,
  TileFetchError,
  TileMissingError,
  UnsupportedMirrorError,
  WorkerError,
} from "./errors.js";
export type {
  ImageFetcherOptions,
  MissingTile,
  ThreadedImageFetcherOptions,
  TileIsMissing,
} from "./fetch-options.js";
export type {
  FetchProgress,
  FetchReport,
  FillCause,
  FilledTile,
  ReplacedSection,
  TileCounts,
  TileFromElsewhere,
} from "./fetch-report.js";
export type { GetOptions } from "./get-options.js";
export type { FromStackInfoOptions } from "./image-fetcher.js";
export { ImageFetcher } from "./image-fetcher.js";
export type { FailedOver } from "./mirror-source.js";
export type { NdArrayLike, VolumeOut, VoxelArray } from "./out/volume-out.js";
export type { VolumeBlock, VolumeBox, VolumeWriter } from "./out/volume-writer.js";
export { BrokenSliceHandling } from "./plan/broken-slices.js";
export type { TileIndexOptions } from "./plan/tile-index.js";
export { TileIndex } from "./plan/tile-index.js";
export type { CreateTileWorker, TileWorkerLike } from "./pool/tile-worker-handle.js";
export { getFastestMirror } from "./probe/get-fastest-mirror.js";
export type { MirrorProbe, ProbeOptions } from "./probe/probe-mirrors.js";
export type { RetryOptions } from "./schedule/retry.js";
export type { Axis, Triple, Vector3 } from "./space/axis-order.js";
export { Orientation3D } from "./space/axis-order.js";
export type { CoordinateTransformerOptions, StackToScaledOptions } from "./space/coordinate-transformer.js";
export { CoordinateTransformer } from "./space/coordinate-transformer.js";
export type { Roi } from "./space/roi.js";
export { ROIMode } from "./space/roi.js";
export { StackOrientation } from "./space/stack-orientation.js";
export type { MirrorBounds } from "./stack/mirror-extent.js";
export type { ProjectStackOptions } from "./stack/project-stack.js";
export { ProjectStack } from "./stack/project-stack.js";
export type { TileSize } from "./stack/pyramid.js";
export type { StackOptions } from "./stack/stack.js";
export { Stack } from "./stack/stack.js";
export type { StackInfo } from "./stack/stack-info.js";
export type { StackMirrorContext, StackMirrorJson, StackMirrorOptions } from "./stack/stack-mirror.js";
export { StackMirror } from "./stack/stack-mirror.js";
export { TileSourceType } from "./stack/tile-source.js";
export type { TileSourceSettings } from "./stack/tile-url.js";
export { ThreadedImageFetcher } from "./threaded-image-fetcher.js";
export type { Volume, VolumeData } from "./volume.js";
