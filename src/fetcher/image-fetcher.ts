import type { TileCacheStatistics } from "../cache/tile-cache.js";
import { TileCache } from "../cache/tile-cache.js";
import { stackFromCatmaid } from "../client/stack-from-catmaid.js";
import type { CatmaidClientLike } from "../client/stack-info-request.js";
import { ClosedError, InvalidStackError } from "../errors.js";
import type { GetOptions } from "../fetch/get-options.js";
import { checkGetOptions } from "../fetch/get-options.js";
import { getVolume } from "../fetch/get-volume.js";
import type { Volume } from "../fetch/volume.js";
import type { ImageFetcherOptions, ResolvedOptions } from "../options/image-fetcher-options.js";
import { imageFetcherOptionNames, resolveOptions } from "../options/image-fetcher-options.js";
import type { VolumeOut } from "../out/volume-out.js";
import type { BlockPool } from "../pool/block-pool.js";
import { createCallerFetchPool } from "../pool/caller-fetch-pool.js";
import { createInProcessPool } from "../pool/in-process-pool.js";
import type { MirrorProbe, ProbeOptions } from "../probe/probe-mirrors.js";
import { fastestOf, probeMirrors } from "../probe/probe-mirrors.js";
import { BlockScheduler } from "../schedule/block-scheduler.js";
import type { SourceAccess } from "../source/block-requests.js";
import { tileAccess } from "../source/tiles/tile-access.js";
import type { Triple } from "../space/axis-order.js";
import type { ROIMode, Roi } from "../space/roi.js";
import type { Auth } from "../stack/mirror/auth.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import { ProjectStack } from "../stack/project-stack.js";
import { scaledRoi } from "../stack/scaled-roi.js";
import { Stack } from "../stack/stack.js";
import type { FromStackInfoOptions } from "../stack/stack-options.js";
import { MirrorChoice } from "./mirror-choice.js";
import { placeWarnings } from "./place-warnings.js";

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
export class ImageFetcher {
  /** The stack that is fetched from. */
  readonly stack: Stack;

  readonly #options: ResolvedOptions;
  readonly #mirrors: MirrorChoice;
  readonly #cache: TileCache;
  #open: { readonly pool: BlockPool; readonly scheduler: BlockScheduler } | undefined;
  readonly #closing = new AbortController();
  readonly #warnings = new Set<string>();

  /**
   * @param stack - The stack to fetch from.
   * @throws InvalidOptionError for an option of the wrong name, type or range.
   * @throws UnsupportedMirrorError if `preferredMirror` cannot be used.
   */
  constructor(stack: Stack, options: ImageFetcherOptions = {}) {
    if (!(stack instanceof Stack)) {
      throw new InvalidStackError("a fetcher needs a Stack; ImageFetcher.fromStackInfo takes CATMAID's JSON");
    }
    this.stack = stack;
    this.#options = resolveOptions(options, this.optionNames());
    this.#mirrors = new MirrorChoice(stack, this.#options.preferredMirror, this.#options.onWarning);
    if (this.#options.auth !== undefined) this.auth = this.#options.auth;
    const { cacheBytes, cacheItems } = this.#options;
    this.#cache = new TileCache({ maxBytes: cacheBytes, maxItems: cacheItems });
  }

  /** A fetcher for a stack as CATMAID's `/{pid}/stack/{sid}/info` describes it. */
  static fromStackInfo<T extends ImageFetcher, O extends ImageFetcherOptions>(
    this: new (
      stack: Stack,
      options?: O,
    ) => T,
    info: unknown,
    options?: O & FromStackInfoOptions,
  ): T {
    const { catmaidUrl, settings, ...rest } = options ?? ({} as O & FromStackInfoOptions);
    const stack = ProjectStack.fromStackInfo(info, { catmaidUrl, settings });
    // The rest of O without a key that O may not have is O.
    return new this(stack, rest as unknown as O);
  }

  /**
   * A fetcher for a stack that CATMAID is asked for.
   *
   * @param client - A `CatmaidClient`, or any object with `projectId` and `get(path)`.
   * @throws CatmaidApiError if CATMAID refuses or does not know the stack.
   */
  static async fromCatmaid<T extends ImageFetcher, O extends ImageFetcherOptions>(
    this: new (
      stack: Stack,
      options?: O,
    ) => T,
    client: CatmaidClientLike,
    stackId: number | string,
    options?: O & FromStackInfoOptions,
  ): Promise<T> {
    const { catmaidUrl, settings, ...rest } = options ?? ({} as O & FromStackInfoOptions);
    const stack = await stackFromCatmaid(client, stackId, { catmaidUrl, settings });
    return new this(stack, rest as unknown as O);
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
    return this.#mirrors.current;
  }

  set mirror(preferred: number | string | StackMirror) {
    this.#mirrors.choose(preferred);
  }

  /** Credentials for the mirror in use. They stay with its origin: another mirror elsewhere has its own. */
  get auth(): Auth | undefined {
    return this.#mirrors.authOf(this.mirror);
  }

  set auth(auth: Auth | undefined) {
    this.#mirrors.setAuth(this.mirror, auth);
  }

  /** Hits, misses and evictions of the tile cache. */
  get cacheStatistics(): TileCacheStatistics & { readonly bytes: number; readonly tiles: number } {
    return { ...this.#cache.statistics, bytes: this.#cache.currentBytes, tiles: this.#cache.size };
  }

  /** Drops the decoded tiles. */
  clearCache(): void {
    this.#cache.clear();
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
   * @throws BrokenSliceError, TileMissingError where the policy is to throw.
   * @throws TileFetchError, TileDecodeError when a tile cannot be had after all attempts. Errors that come after the first
   *   request have a `report` of what was done until then; see `reportOf`.
   */
  async get<O extends VolumeOut | undefined = undefined>(
    roi: Roi,
    options: GetOptions<O> = {},
  ): Promise<Volume<O>> {
    checkGetOptions(options);
    const { roiMode = "stack", zoomLevel = 0 } = options;
    const { scheduler } = this.#start();
    this.stack.checkZoomLevel(zoomLevel);
    const [lower, upper] = this.roiToScaled(roi, roiMode, zoomLevel);
    const mirror = this.mirror;
    for (const warning of placeWarnings(this.stack, mirror, roiMode)) this.#warnOnce(warning);
    const { outputOrientation, brokenSliceHandling, fillValue, maxRequests, missingTile } = this.#options;
    return getVolume({
      stack: this.stack,
      mirror,
      failover: this.#mirrors.failoverFrom(mirror, this.#options.failover),
      ...this.#access,
      scheduler,
      orientation: outputOrientation,
      lower,
      upper,
      zoomLevel,
      brokenSliceHandling,
      fillValue,
      missingTile: options.missingTile ?? missingTile,
      onTileError: options.onTileError ?? "throw",
      width: maxRequests,
      out: options.out as O,
      listeners: { onProgress: options.onProgress, onFilled: options.onFilled },
      signals: [options.signal, this.#closing.signal],
    });
  }

  /** Fetches a region in nanometres; see {@link ImageFetcher.get}. */
  getProjectSpace<O extends VolumeOut | undefined = undefined>(
    roi: Roi,
    options: Omit<GetOptions<O>, "roiMode"> = {},
  ): Promise<Volume<O>> {
    return this.get(roi, { ...(options as GetOptions<O>), roiMode: "project" });
  }

  /** Fetches a region in voxels of zoom level 0; see {@link ImageFetcher.get}. */
  getStackSpace<O extends VolumeOut | undefined = undefined>(
    roi: Roi,
    options: Omit<GetOptions<O>, "roiMode"> = {},
  ): Promise<Volume<O>> {
    return this.get(roi, { ...(options as GetOptions<O>), roiMode: "stack" });
  }

  /** Fetches a region in voxels of the zoom level that is fetched; see {@link ImageFetcher.get}. */
  getScaledSpace<O extends VolumeOut | undefined = undefined>(
    roi: Roi,
    options: Omit<GetOptions<O>, "roiMode"> = {},
  ): Promise<Volume<O>> {
    return this.get(roi, { ...(options as GetOptions<O>), roiMode: "scaled" });
  }

  /** Asks every mirror for its canary tile, and says of each how long it took or why it failed. */
  async probeMirrors(options: ProbeOptions = {}): Promise<MirrorProbe[]> {
    const { pool, scheduler } = this.#start();
    const pace = (origin: string, signal: AbortSignal) => scheduler.pace(origin, signal);
    const context = { pool, pace, ...this.#access, closing: this.#closing.signal };
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
    this.mirror = fastestOf(probes, options.normaliseByTileSize ?? true);
    return this.mirror;
  }

  /** Ends the fetcher: fetches under way reject with a `ClosedError`, workers are given back. May be called twice. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#closing.abort(new ClosedError("the fetcher was closed"));
    this.#cache.clear();
    await this.#open?.pool.close();
  }

  /** Ends the fetcher, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(): { readonly pool: BlockPool; readonly scheduler: BlockScheduler } {
    this.#closing.signal.throwIfAborted();
    if (this.#open === undefined) {
      const { fetch, maxRequests, maxRequestsPerSecond, onWarning, retry } = this.#options;
      const inner = this.createPool(onWarning);
      const pool = fetch === undefined ? inner : createCallerFetchPool(inner, fetch);
      const limits = { maxRequests, maxRequestsPerSecond, retry };
      const scheduler = new BlockScheduler({ pool, cache: this.#cache, ...limits });
      this.#open = { pool, scheduler };
    }
    return this.#open;
  }

  get #access(): SourceAccess {
    return tileAccess(this.stack, this.#options, (mirror) => this.#mirrors.authOf(mirror));
  }

  #warnOnce(warning: string): void {
    if (this.#warnings.has(warning)) return;
    this.#warnings.add(warning);
    this.#options.onWarning(warning);
  }
}
