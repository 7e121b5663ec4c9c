/** A kind of image file whose decoding is measured. */
export interface FileKind {
  /** Folder of its files. */
  readonly key: string;
  /** Name in the results. */
  readonly title: string;
  readonly format: "png" | "jpeg";
  readonly extension: "png" | "jpg";
  /** Width and height in pixels. */
  readonly side: number;
  /** Number of different files. */
  readonly files: number;
}

const jpeg = { format: "jpeg", extension: "jpg" } as const;
const png = { format: "png", extension: "png" } as const;

/** The kinds of files. */
export const fileKinds: readonly FileKind[] = [
  { key: "jpeg-q75", title: "JPEG grey 512² q75", side: 512, files: 8, ...jpeg },
  { key: "jpeg-q85", title: "JPEG grey 512² q85", side: 512, files: 8, ...jpeg },
  { key: "jpeg-420", title: "JPEG colour 4:2:0 512² q85", side: 512, files: 8, ...jpeg },
  { key: "jpeg-progressive", title: "JPEG grey progressive 512² q85", side: 512, files: 8, ...jpeg },
  { key: "png-grey", title: "PNG grey 512²", side: 512, files: 8, ...png },
  { key: "png-rgb", title: "PNG RGB 512²", side: 512, files: 8, ...png },
  { key: "png-palette", title: "PNG palette 512²", side: 512, files: 8, ...png },
];
