export { type Picture, drawSvg, pngsOf } from './chart/draw.ts'
