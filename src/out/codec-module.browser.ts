/** There is none: a page's bundler finds the package for the page, and not for workers. */
export function codecModule(_name: string): undefined {}
