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
 * Fetches regions of a stack as 3-D arrays. This one fetches and decodes in the calling thread alone;
 * `ThreadedImageFetcher` has workers for it and is otherwise the same.
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

  /** A fetcher for a stack as CATMAID's `/{pid}/stack/{sid}/info` describes it. */
  static fromStackInfo<D extends DataType = "uint8">(
    info: unknown,
    options?: ImageFetcherOptions<D> & FromStackInfoOptions,
  ): ImageFetcher<D> {
    const [own, rest] = divideOptions<ImageFetcherOptions<D>>(options);
    return new this(ProjectStack.fromStackInfo(info, own), rest);
  }

  /**
   * A fetcher for a stack that CATMAID is asked for.
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

  /**
   * Names of the options that the constructor takes.
   *
   * @internal
   */
  protected optionNames(): ReadonlySet<string> {
    return imageFetcherOptionNames;
  }

  /**
   * Makes the pool when the first tile is wanted.
   *
   * @internal
   */
  protected createPool(_onWarning: (message: string) => void): BlockPool {
    return createInProcessPool();
  }

  /**
   * The mirror in use. Set it by position, by title or with a mirror; an unknown one warns and takes the first usable.
   *
   * @throws NoMirrorError when the stack has no mirror that can be used.
   */
  get mirror(): StackMirror {
    return this.#machinery.mirrors.current;
  }

  set mirror(preferred: number | string | StackMirror) {
    this.#machinery.mirrors.choose(preferred);
  }

  /** Credentials for the mirror in use. They stay with its origin: another mirror elsewhere has its own. */
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

  /** Drops the decoded tiles. */
  clearCache(): void {
    this.#machinery.cache.clear();
  }

  /**
   * The whole voxels that an ROI covers at a zoom level, also at levels that the stack does not have: lower bounds
   * rounded down, upper ones up, columns in the output orientation.
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
   * @returns The smallest volume of whole voxels that covers the ROI, and a report of every voxel that is fill.
   * @throws InvalidRoiError, InvalidZoomLevelError, InvalidOptionError, InvalidOutError before the first request.
   * @throws BrokenSliceError, TileMissingError where the policy is to throw; TileFetchError, TileDecodeError when a tile
   *   cannot be had after all attempts. `reportOf` such an error says what was done until then.
   */
  get(roi: Roi, options?: GetOptions): Promise<Volume<undefined, D>>;
  /** The same with an `out`: the volume is put there. */
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
   *   voxel of a point is the first one of an ROI that begins there: coordinates are rounded down.
   * @returns The voxels in the order of the points, the fill value where there is none, with a mask that tells which.
   * @throws InvalidOptionError, InvalidZoomLevelError before the first request, also for points that are none.
   * @throws BrokenSliceError, TileMissingError, TileFetchError, TileDecodeError as `get` does; a broken section matters
   *   where points lie in it.
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
   * What `get` with the same arguments amounts to. A mirror of blocks is asked for its metadata, once; nothing else is asked
   * of a server, and of a writer only its properties.
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
  /** The same with an `out`: the volume is put there. */
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
  /** The same with an `out`: the volume is put there. */
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
  /** The same with an `out`: the volume is put there. */
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
   * What a mirror has of each zoom level, by its own metadata, for which it is asked once; a mirror of tiles has none.
   *
   * @param mirror - Its position, its title or itself. Default: the one in use.
   * @throws UnsupportedMirrorError, TileFetchError where the metadata cannot be read, or had.
   */
  async describeMirror(
    mirror?: number | string | StackMirror,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<MirrorDescription> {
    return describeSource(await this.#machinery.open(mirror, signal), this.stack);
  }

  /** Asks every mirror for its canary tile, and says of each how long it took or why it failed. */
  async probeMirrors(options: ProbeOptions = {}): Promise<MirrorProbe[]> {
    const context = { ...this.#machinery.start(), closing: this.#machinery.closing };
    const { probeMirrors } = await import("../probe/probe-mirrors.js");
    return probeMirrors(this.stack, context, options);
  }

  /**
   * Takes the fastest mirror that serves its canary tile.
   *
   * @returns That mirror, which is now {@link ImageFetcher.mirror}.
   * @throws NoMirrorError, which says why each failed, if none does.
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
