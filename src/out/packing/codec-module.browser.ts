/** No URL in browsers: a page's bundler resolves the package for the page, not for its workers. */
export function codecModule(_name: string): undefined {}
