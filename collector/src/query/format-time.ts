import { formatNano } from '../store/time.js';

/** RFC 3339 in UTC with nine digits after the second, so that texts sort as times do. */
export const formatTime = (nano: bigint): string => `${formatNano(nano).replace(' ', 'T')}Z`;
