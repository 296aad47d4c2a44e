// What a person names instead of a file: an address on the web.
export const isWebAddress = (text: string): boolean => /^https?:\/\//i.test(text);
