// Photographs of a demand, for its staff and under its follow-up code.
import { z } from 'zod'
import { id } from '#core/contract.ts'
import { fileBody, route } from '#core/http/route.ts'
import {
  addPhoto,
  addPhotoByCode,
  readPhoto,
  readPhotoByCode,
  removePhoto,
  removePhotoByCode,
} from '../actions/photos.ts'
import * as c from '../contract.ts'

const code = z.string().max(40)
const Removed = z.strictObject({ removed: z.literal(true) })
const JPEG = 'image/jpeg'
const upload = { maxBytes: c.PHOTO_BYTES, types: [JPEG] }
const refused = ['demand.not-a-photo', 'demand.photos-enough', 'demand.photos-full', 'demand.wrong-state'] as const
const description =
  'The file is written anew: position, device, thumbnails and comments stay behind. Turn the picture upright before sending it.'

export const photoRoutes = [
  route({
    method: 'POST',
    path: '/demands/{id}/photos',
    operationId: 'addPhoto',
    summary: 'Add a photograph to a demand: at most three, never asked for',
    description,
    permission: 'demand.open',
    params: z.strictObject({ id }),
    body: fileBody,
    upload,
    response: c.DemandPhoto,
    status: 201,
    failures: ['demand.not-found', ...refused],
    rate: 'write',
    action: (ctx, { params: p, body }) => addPhoto(ctx, p.id, body),
  }),
  route({
    method: 'GET',
    path: '/demands/{id}/photos/{photo}',
    operationId: 'readPhoto',
    summary: 'A photograph of a demand, to whoever sees the demand',
    permission: 'demand.read',
    params: z.strictObject({ id, photo: id }),
    response: 'file',
    produces: JPEG,
    failures: ['demand.not-found', 'demand.photo-not-found'],
    rate: 'read',
    action: (ctx, { params: p }) => readPhoto(ctx, p.id, p.photo),
  }),
  route({
    method: 'DELETE',
    path: '/demands/{id}/photos/{photo}',
    operationId: 'removePhoto',
    summary: 'Take a photograph away for good',
    permission: 'demand.open',
    params: z.strictObject({ id, photo: id }),
    response: Removed,
    failures: ['demand.not-found', 'demand.photo-not-found'],
    rate: 'write',
    action: (ctx, { params: p }) => removePhoto(ctx, p.id, p.photo),
  }),
  route({
    method: 'POST',
    path: '/raised-demands/{code}/photos',
    operationId: 'addPhotoByCode',
    summary: 'The resident adds a photograph to his demand',
    description,
    permission: 'public',
    params: z.strictObject({ code }),
    body: fileBody,
    upload,
    response: c.DemandPhoto,
    status: 201,
    failures: ['demand.bad-code', ...refused],
    rate: 'public',
    action: (ctx, { params: p, body }) => addPhotoByCode(ctx, p.code, body),
  }),
  route({
    method: 'GET',
    path: '/raised-demands/{code}/photos/{photo}',
    operationId: 'readPhotoByCode',
    summary: 'A photograph of the resident’s demand',
    permission: 'public',
    params: z.strictObject({ code, photo: id }),
    response: 'file',
    produces: JPEG,
    failures: ['demand.bad-code', 'demand.photo-not-found'],
    rate: 'public',
    action: (ctx, { params: p }) => readPhotoByCode(ctx, p.code, p.photo),
  }),
  route({
    method: 'DELETE',
    path: '/raised-demands/{code}/photos/{photo}',
    operationId: 'removePhotoByCode',
    summary: 'The resident takes his photograph back',
    permission: 'public',
    params: z.strictObject({ code, photo: id }),
    response: Removed,
    failures: ['demand.bad-code', 'demand.photo-not-found'],
    rate: 'public',
    action: (ctx, { params: p }) => removePhotoByCode(ctx, p.code, p.photo),
  }),
]
