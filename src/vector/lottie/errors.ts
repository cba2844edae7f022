import { AppError } from '../../core/errors.js';

export function brokenLottie(reason: string): AppError {
  return new AppError('SM_ASSET_BROKEN', `The Lottie animation cannot be used: ${reason}.`);
}

export function tooLargeLottie(what: string): AppError {
  return new AppError('SM_ASSET_TOO_LARGE', `The Lottie animation has ${what}. Make it simpler.`);
}
