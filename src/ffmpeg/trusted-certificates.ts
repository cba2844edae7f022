import { existsSync, readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { AppError } from '../core/errors.js';

/** How the servers of `rtmps://` addresses are checked. */
export type TlsTrust = {
  /** Whether a certificate must be valid, for the host of the address and signed by somebody who is trusted. */
  readonly verify: boolean;
  /** A file of certificates in PEM that are trusted as well as the system's; null: none. */
  readonly caFile: string | null;
};

/** Where systems keep whom they trust: Debian and Alpine, Red Hat, SUSE, BSD and macOS. */
const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * Everybody who is trusted, in PEM: whom the system trusts (or, on a system without a list, Node.js), and `caFile`.
 * @throws Error when `caFile` cannot be read
 */
export function trustedCertificates(caFile: string | null): string {
  const systemFile = SYSTEM_FILES.find((path) => existsSync(path));
  const system =
    systemFile === undefined ? rootCertificates.join('\n') : readFileSync(systemFile, 'utf8');
  return caFile === null ? system : `${system}\n${readFileSync(caFile, 'utf8')}`;
}

/**
 * Finds out at the start, and not when an output fails, that `caFile` is of no use.
 * @throws AppError SM_CONFIG_INVALID
 */
export function checkCaFile(caFile: string): void {
  let text: string;
  try {
    text = readFileSync(caFile, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'SM_CONFIG_INVALID',
      `RTMPS_CA_FILE cannot be read: ${why}. Correct its path or its permissions.`,
    );
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return;
  throw new AppError(
    'SM_CONFIG_INVALID',
    `RTMPS_CA_FILE (${caFile}) contains no PEM certificate, which begins with -----BEGIN CERTIFICATE-----.`,
  );
}
