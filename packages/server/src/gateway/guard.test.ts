import { describe, expect, test } from 'vitest';
import { configSchema } from '../config/index.js';
import { refuseCaller } from './guard.js';

const settings = (values: object = {}) => configSchema.parse({ gateway: values }).gateway;

describe('who may call the gateway', () => {
  test('programs on this machine may, without anything', () => {
    for (const host of ['127.0.0.1:4141', 'localhost:4141', '[::1]:4141', '127.1.2.3']) {
      expect(
        refuseCaller({ host, origin: null, token: null, crossSite: false }, settings()),
      ).toBeNull();
    }
  });

  test('web pages may not, unless their origin is allowed', () => {
    const page = {
      host: 'localhost:4141',
      origin: 'https://evil.example',
      token: null,
      crossSite: false,
    };
    expect(refuseCaller(page, settings())).toMatchObject({
      status: 403,
      code: 'origin_not_allowed',
    });
    expect(refuseCaller(page, settings({ allowed_origins: ['https://evil.example'] }))).toBeNull();
  });

  test('nor may images and forms of other sites, which send no origin', () => {
    const image = { host: 'localhost:4141', origin: null, token: null, crossSite: true };
    expect(refuseCaller(image, settings())).toMatchObject({ code: 'origin_not_allowed' });
  });

  test('a foreign name that points to loopback is refused', () => {
    expect(
      refuseCaller(
        { host: 'evil.example:4141', origin: null, token: null, crossSite: false },
        settings(),
      ),
    ).toMatchObject({
      code: 'host_not_allowed',
    });
  });

  test('with a token set, only its bearer', () => {
    const guarded = settings({ host: '0.0.0.0', token: 'a-long-enough-secret' });
    const host = 'farthing.internal:4141';
    expect(
      refuseCaller({ host, origin: null, token: null, crossSite: false }, guarded),
    ).toMatchObject({
      status: 401,
    });
    expect(
      refuseCaller(
        { host, origin: null, token: 'a-long-enough-secreT', crossSite: false },
        guarded,
      ),
    ).toMatchObject({ status: 401 });
    expect(
      refuseCaller(
        { host, origin: null, token: 'a-long-enough-secret', crossSite: false },
        guarded,
      ),
    ).toBeNull();
  });
});
