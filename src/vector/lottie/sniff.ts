/** Whether a file may be a vector animation: an object of JSON that says so near its beginning or has layers. */
export function looksLikeLottie(head: string): boolean {
  return /^\ufeff?\s*\{/.test(head) && /"(layers|assets|fr|ip|op)"\s*:/.test(head);
}
