/// <reference lib="esnext.disposable" preserve="true" />

import type { TileCacheStatistics } from "../cache/tile-cache.js";
import { stackFromCatmaid } from "../client/stack-from-catmaid.js";
import type { CatmaidClientLike } from "../client/stack-info-request.js";
import { InvalidStackError } from "../errors.js";
import { estimateOf, type FetchEstimate } from "../fetch/estimate.js";
import { type GetOptions, type GetSpaceOptions, inSpace, type SampleOptions } from "../fetch/get-options.js";
import { getVolume } from "../fetch/get-volume.js";
import { planVolume } from "../fetch/plan-volume.js";
import type { Samples } from "../fetch/sample/samples.js";
import type { Volume } from "../fetch/volume.js";
import type { ImageFetcherOptions, ResolvedOptions } from "../options/image-fetcher-options.js";
import { imageFetcherOptionNames, resolveOptions } from "../options/image-fetcher-options.js";
import type { VolumeOut } from "../out/volume-out.js";
import type { BlockPool } from "../pool/block-pool.js";
import { createInProcessPool } from "../pool/in-process-pool.js";
import type { MirrorProbe, ProbeOptions } from "../probe/probe-mirrors.js";
import { describeSource, type MirrorDescription } from "../source/mirror-description.js";
import type { Triple } from "../space/axis-order.js";
import type { DataType } from "../space/data-type.js";
import type { ROIMode, Roi } from "../space/roi.js";
import type { Auth } from "../stack/mirror/auth.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import { ProjectStack } from "../stack/project-stack.js";
import type { Point } from "../stack/scaled-points.js";
import { scaledRoi } from "../stack/scaled-roi.js";
import { isStack, type Stack } from "../stack/stack.js";
import type { FromStackInfoOptions } from "../stack/stack-options.js";
import { askedPoints, askedRegion } from "./asked-region.js";
import { divideOptions } from "./factory-options.js";
import { Machinery } from "./machinery.js";

/**
 * Fetches regions of a stack as 3-D arrays. An `ImageFetcher` fetches and decodes in the calling thread; a
 * `ThreadedImageFetcher` does so in workers and is otherwise the same.
 *
 * @example
 * ```ts
 * const fetcher = ImageFetcher.fromStackInfo(stackInfo, { timeoutMs: 5000 });
 * try {
 *   const volume = await fetcher.getProjectSpace([[6050, 4000, 8000], [6250, 6000, 10000]]); // z, y, x in nm
 *   console.log(volume.shape, volume.report.filled);
 * } catch (error) {
 *   if (isCatmaidImageError(error)) console.error(error.code, error.message);
 *   else throw error;
 * } finally {
 *   await fetcher.close();
 * }
 * ```
 */
export class ImageFetcher<D extends DataType = "uint8"> {
  /** The stack that is fetched from. */
  readonly stack: Stack;

  readonly #options: ResolvedOptions;
  readonly #machinery: Machinery;

  /**
   * @throws InvalidOptionError for an option of the wrong name, type or range.
   * @throws UnsupportedMirrorError if `preferredMirror` cannot be used.
   */
  constructor(stack: Stack, options: ImageFetcherOptions<D> = {}) {
    if (!isStack(stack)) {
      throw new InvalidStackError("a fetcher needs a Stack; ImageFetcher.fromStackInfo takes CATMAID's JSON");
    }
    this.stack = stack;
    this.#options = resolveOptions(options, this.optionNames());
    this.#machinery = new Machinery(stack, this.#options, (onWarning) => this.createPool(onWarning));
  }

  /** Makes a fetcher from the JSON of CATMAID's `/{pid}/stack/{sid}/info`. */
  static fromStackInfo<D extends DataType = "uint8">(
    info: unknown,
    options?: ImageFetcherOptions<D> & FromStackInfoOptions,
  ): ImageFetcher<D> {
    const [own, rest] = divideOptions<ImageFetcherOptions<D>>(options);
    return new this(ProjectStack.fromStackInfo(info, own), rest);
  }

  /**
   * Makes a fetcher for a stack, whose info it requests from CATMAID.
   *
   * @param client - A `CatmaidClient`, or any object with `projectId` and `get(path)`.
   * @throws CatmaidApiError if CATMAID refuses or does not know the stack.
   */
  static async fromCatmaid<D extends DataType = "uint8">(
    client: CatmaidClientLike,
    stackId: number | string,
    options?: ImageFetcherOptions<D> & FromStackInfoOptions,
  ): Promise<ImageFetcher<D>> {
    const [own, rest] = divideOptions<ImageFetcherOptions<D>>(options);
    return new this(await stackFromCatmaid(client, stackId, own), rest);
  }

  /** Names of the options that the constructor takes. @internal */
  protected optionNames(): ReadonlySet<string> {
    return imageFetcherOptionNames;
  }

  /** Makes the pool when the first tile is wanted. @internal */
  protected createPool(_onWarning: (message: string) => void): BlockPool {
    return createInProcessPool();
  }

  /**
   * The mirror in use. It is set by position, by title or to a mirror; for an unknown one the fetcher warns and takes
   * the first usable mirror.
   *
   * @throws NoMirrorError when the stack has no mirror that can be used.
   */
  get mirror(): StackMirror {
    return this.#machinery.mirrors.current;
  }

  set mirror(preferred: number | string | StackMirror) {
    this.#machinery.mirrors.choose(preferred);
  }

  /** Credentials for the mirror in use. They go to its origin alone: a mirror of another origin has its own. */
  get auth(): Auth | undefined {
    return this.#machinery.mirrors.authOf(this.mirror);
  }

  set auth(auth: Auth | undefined) {
    this.#machinery.mirrors.setAuth(this.mirror, auth);
  }

  /** Hits, misses and evictions of the tile cache. */
  get cacheStatistics(): TileCacheStatistics & { readonly bytes: number; readonly tiles: number } {
    const { statistics, currentBytes, size } = this.#machinery.cache;
    return { ...statistics, bytes: currentBytes, tiles: size };
  }

  /** Drops all decoded tiles from the cache. */
  clearCache(): void {
    this.#machinery.cache.clear();
  }

  /**
   * The bounds of an ROI in whole voxels of a zoom level, which the stack need not have. Lower bounds are rounded down
   * and upper bounds up; columns are in the output orientation.
   *
   * @throws InvalidRoiError (a RangeError) for NaN, empty or inverted ROIs.
   */
  roiToScaled(roi: Roi, roiMode: ROIMode = "stack", zoomLevel = 0): [lower: Triple, upper: Triple] {
    return [...scaledRoi(this.stack, roi, roiMode, zoomLevel, this.#options.outputOrientation)];
  }

  /**
   * Fetches a region.
   *
   * @param roi - `[[lower…], [upper…]]`, half-open, columns in the output orientation, in the space of `roiMode`.
   * @returns The smallest volume of whole voxels that covers the ROI, and a report of all voxels that are filled.
   * @throws InvalidRoiError, InvalidZoomLevelError, InvalidOptionError, InvalidOutError before the first request.
   * @throws BrokenSliceError, TileMissingError where the policy is to throw; TileFetchError, TileDecodeError if a tile
   *   cannot be fetched or decoded after all attempts. `reportOf` returns what the fetch had done before such an error.
   */
  get(roi: Roi, options?: GetOptions): Promise<Volume<undefined, D>>;
  /** The same with an `out`, which receives the voxels. */
  get<O extends VolumeOut<D> | undefined>(roi: Roi, options: GetOptions<O>): Promise<Volume<O, D>>;
  async get<O extends VolumeOut<D> | undefined>(
    roi: Roi,
    options: GetOptions<O> = {},
  ): Promise<Volume<O, D>> {
    const region = askedRegion(this.stack, this.#options, roi, options);
    return this.#machinery.checked(
      await getVolume<O, D>({ ...region, ...this.#machinery.forFetch(options) }),
    );
  }

  /**
   * The voxel under each of many points, such as the ids of a label stack under the nodes of a skeleton. Each block is
   * fetched once, however many points lie in it.
   *
   * @param points - `{ x, y, z }`, or rows with their columns in the output orientation, in the space of `roiMode`. The
   *   voxel of a point is the first voxel of an ROI that begins at the point: coordinates are rounded down.
   * @returns The voxels in the order of the points, and a mask that is 0 for points without a voxel, which have the
   *   fill value.
   * @throws InvalidOptionError, InvalidZoomLevelError before the first request, also for invalid points.
   * @throws BrokenSliceError, TileMissingError, TileFetchError, TileDecodeError as `get` does; a broken section matters
   *   only if points lie in it.
   *
   * @example
   * ```ts
   * const nodes = skeleton.map(([id, parent, x, y, z]) => ({ x, y, z })); // nm
   * const { data, mask } = await labels.sample(nodes, { roiMode: "project" }); // data: a BigUint64Array
   * const ids = new Set(data.filter((_, node) => mask[node] === 1));
   * ```
   */
  async sample(points: readonly Point[], options: SampleOptions = {}): Promise<Samples<D>> {
    const asked = askedPoints(this.stack, this.#options, points, options);
    const { samplePoints } = await import("../fetch/sample/sample-points.js");
    return this.#machinery.checked(await samplePoints<D>({ ...asked, ...this.#machinery.forFetch(options) }));
  }

  /**
   * Estimates the cost of `get` with the same arguments. The only request is for the metadata of a mirror of blocks,
   * made once; of a writer, only the properties are read.
   *
   * @throws InvalidRoiError, InvalidZoomLevelError, InvalidOptionError, InvalidOutError, BrokenSliceError as `get` does.
   */
  async estimate(roi: Roi, options: GetOptions<VolumeOut | undefined> = {}): Promise<FetchEstimate> {
    const region = askedRegion(this.stack, this.#options, roi, options);
    const source = await this.#machinery.open(undefined, options.signal);
    return estimateOf(await planVolume(region, source));
  }

  /** Fetches a region in nanometres; see {@link ImageFetcher.(get:1)}. */
  getProjectSpace(roi: Roi, options?: GetSpaceOptions): Promise<Volume<undefined, D>>;
  /** The same with an `out`, which receives the voxels. */
  getProjectSpace<O extends VolumeOut<D> | undefined>(
    roi: Roi,
    options: GetSpaceOptions<O>,
  ): Promise<Volume<O, D>>;
  async getProjectSpace<O extends VolumeOut<D> | undefined>(
    roi: Roi,
    options: GetSpaceOptions<O> = {},
  ): Promise<Volume<O, D>> {
    return this.get(roi, inSpace("project", options));
  }

  /** Fetches a region in voxels of zoom level 0; see {@link ImageFetcher.(get:1)}. */
  getStackSpace(roi: Roi, options?: GetSpaceOptions): Promise<Volume<undefined, D>>;
  /** The same with an `out`, which receives the voxels. */
  getStackSpace<O extends VolumeOut<D> | undefined>(
    roi: Roi,
    options: GetSpaceOptions<O>,
  ): Promise<Volume<O, D>>;
  async getStackSpace<O extends VolumeOut<D> | undefined>(
    roi: Roi,
    options: GetSpaceOptions<O> = {},
  ): Promise<Volume<O, D>> {
    return this.get(roi, inSpace("stack", options));
  }

  /** Fetches a region in voxels of the zoom level that is fetched; see {@link ImageFetcher.(get:1)}. */
  getScaledSpace(roi: Roi, options?: GetSpaceOptions): Promise<Volume<undefined, D>>;
  /** The same with an `out`, which receives the voxels. */
  getScaledSpace<O extends VolumeOut<D> | undefined>(
    roi: Roi,
    options: GetSpaceOptions<O>,
  ): Promise<Volume<O, D>>;
  async getScaledSpace<O extends VolumeOut<D> | undefined>(
    roi: Roi,
    options: GetSpaceOptions<O> = {},
  ): Promise<Volume<O, D>> {
    return this.get(roi, inSpace("scaled", options));
  }

  /**
   * Describes what a mirror has of each zoom level, by its own metadata, which are requested once. A mirror of tiles
   * has no metadata.
   *
   * @param mirror - Its position, its title or itself. Default: the one in use.
   * @throws UnsupportedMirrorError if the metadata cannot be read, TileFetchError if they cannot be fetched.
   */
  async describeMirror(
    mirror?: number | string | StackMirror,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<MirrorDescription> {
    return describeSource(await this.#machinery.open(mirror, signal), this.stack);
  }

  /** Requests the canary tile of every mirror, and returns how long each took or why it failed. */
  async probeMirrors(options: ProbeOptions = {}): Promise<MirrorProbe[]> {
    const context = { ...this.#machinery.start(), closing: this.#machinery.closing };
    const { probeMirrors } = await import("../probe/probe-mirrors.js");
    return probeMirrors(this.stack, context, options);
  }

  /**
   * Switches to the mirror that serves its canary tile fastest.
   *
   * @returns That mirror, which is now {@link ImageFetcher.mirror}.
   * @throws NoMirrorError if no mirror serves its canary tile; the message says why each failed.
   */
  async setFastestMirror(options: ProbeOptions = {}): Promise<StackMirror> {
    const probes = await this.probeMirrors(options);
    const { fastestOf } = await import("../probe/probe-mirrors.js");
    this.mirror = fastestOf(probes, options.normaliseByTileSize ?? true);
    return this.mirror;
  }

  /** Ends the fetcher: fetches under way reject with a `ClosedError`, workers are given back. May be called twice. */
  async close(): Promise<void> {
    await this.#machinery.close();
  }

  /** Ends the fetcher, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
