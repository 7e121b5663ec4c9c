/**
 * Regions of CATMAID image stacks as 3-D arrays, in the browser and in Node.
 *
 * @packageDocumentation
 */

export type { FillCause } from "./assemble/fill-cause.js";
export type { TileCacheOptions, TileCacheStatistics } from "./cache/tile-cache.js";
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
export type { FetchEstimate } from "./fetch/estimate.js";
export type {
  BlockCounts,
  BlockFromElsewhere,
  FailedOver,
  FetchProgress,
  FetchReport,
  FilledBlock,
  ReplacedSection,
  ReportedBlock,
  ReportedError,
  ReportedMirror,
} from "./fetch/fetch-report.js";
export { mergeReports, reportOf } from "./fetch/fetch-report.js";
export type { GetOptions, GetSpaceOptions, SampleOptions } from "./fetch/get-options.js";
export type { SampleCause, Samples } from "./fetch/sample/samples.js";
export type { Volume, VolumeData } from "./fetch/volume.js";
export { ImageFetcher } from "./fetcher/image-fetcher.js";
export { ThreadedImageFetcher } from "./fetcher/threaded-image-fetcher.js";
export type { ImageFetcherOptions, ThreadedImageFetcherOptions } from "./options/image-fetcher-options.js";
export type { EmptyBlock, MissingTile, TileIsMissing } from "./options/missing-tile.js";
export type { WriterTools } from "./out/packing/pack.js";
export type { NdArrayLike, NumjsArrayLike, VolumeOut, VoxelArray } from "./out/volume-out.js";
export type { VolumeBlock, VolumeBox, VolumeInfo, VolumeReport, VolumeWriter } from "./out/volume-writer.js";
export { BrokenSliceHandling } from "./plan/broken-slices.js";
export type { CreateTileWorker, TileWorkerLike } from "./pool/worker-handle.js";
export { getFastestMirror } from "./probe/get-fastest-mirror.js";
export type { MirrorProbe, ProbeOptions } from "./probe/probe-mirrors.js";
export type { RetryOptions } from "./schedule/retry.js";
export type { BlockStorage } from "./source/block-source.js";
export type { MirrorDescription, MirrorLevel } from "./source/mirror-description.js";
export type { TileDataType, TileFormat } from "./source/tiles/tile-source.js";
export type { Axis, Triple, Vector3 } from "./space/axis-order.js";
export { Orientation3D } from "./space/axis-order.js";
export type { Block, BlockIndex } from "./space/block.js";
export type { Bytes } from "./space/bytes.js";
export type { CoordinateTransformerOptions, StackToScaledOptions } from "./space/coordinate-transformer.js";
export { CoordinateTransformer } from "./space/coordinate-transformer.js";
export type { DataType, Voxels } from "./space/data-type.js";
export type { Roi } from "./space/roi.js";
export { ROIMode } from "./space/roi.js";
export { StackOrientation } from "./space/stack-orientation.js";
export type { Auth } from "./stack/mirror/auth.js";
export type { MirrorBounds } from "./stack/mirror/mirror-extent.js";
export type { StackMirrorContext, StackMirrorJson, StackMirrorOptions } from "./stack/mirror/stack-mirror.js";
export { StackMirror } from "./stack/mirror/stack-mirror.js";
export type { TileIndexOptions } from "./stack/mirror/tile-index.js";
export { TileIndex } from "./stack/mirror/tile-index.js";
export type { BlockFormat } from "./stack/mirror/tile-source.js";
export { TileSourceType } from "./stack/mirror/tile-source.js";
export type { TileSourceSettings } from "./stack/mirror/tile-source-settings.js";
export type { ProjectStackOptions } from "./stack/project-stack.js";
export { ProjectStack } from "./stack/project-stack.js";
export type { TileSize } from "./stack/pyramid.js";
export type { Point } from "./stack/scaled-points.js";
export type { StackOptions } from "./stack/stack.js";
export { Stack } from "./stack/stack.js";
export type { StackInfo } from "./stack/stack-info.js";
export type { FromStackInfoOptions } from "./stack/stack-options.js";
