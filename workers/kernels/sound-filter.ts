/**
 * One filter of second order over interleaved stereo samples, in place, in f64: a state-variable filter written as matrices, so
 * that its states stay continuous when its coefficients change.
 *
 *     s1' = a11 s1 + a12 s2 + b1 x        y = c1 s1 + c2 s2 + d x
 *     s2' = a21 s1 + a22 s2 + b2 x
 *
 * `section` is 16 f64: s1 of left and right, s2 of left and right, a11 a12 a21 a22 b1 b2, c1 c2 d, and by how much c1, c2 and d
 * grow with each sample. Answers the sum of the absolute states afterwards.
 */
export function filter(samples: usize, count: i32, section: usize): f64 {
  const a11 = v128.load64_splat(section, 32);
  const a12 = v128.load64_splat(section, 40);
  const a21 = v128.load64_splat(section, 48);
  const a22 = v128.load64_splat(section, 56);
  const b1 = v128.load64_splat(section, 64);
  const b2 = v128.load64_splat(section, 72);
  let c1 = v128.load64_splat(section, 80);
  let c2 = v128.load64_splat(section, 88);
  let d = v128.load64_splat(section, 96);
  const c1Step = v128.load64_splat(section, 104);
  const c2Step = v128.load64_splat(section, 112);
  const dStep = v128.load64_splat(section, 120);
  let s1 = v128.load(section);
  let s2 = v128.load(section, 16);
  for (let i = 0; i < count; i++) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(samples));
    c1 = f64x2.add(c1, c1Step);
    c2 = f64x2.add(c2, c2Step);
    d = f64x2.add(d, dStep);
    const y = f64x2.add(f64x2.mul(d, x), f64x2.add(f64x2.mul(c1, s1), f64x2.mul(c2, s2)));
    const next = f64x2.add(f64x2.mul(a11, s1), f64x2.add(f64x2.mul(a12, s2), f64x2.mul(b1, x)));
    s2 = f64x2.add(f64x2.mul(a22, s2), f64x2.add(f64x2.mul(a21, s1), f64x2.mul(b2, x)));
    s1 = next;
    v128.store64_lane(samples, f32x4.demote_f64x2_zero(y), 0);
    samples += 8;
  }
  v128.store(section, s1);
  v128.store(section, s2, 16);
  store<f64>(section, f64x2.extract_lane(c1, 0), 80);
  store<f64>(section, f64x2.extract_lane(c2, 0), 88);
  store<f64>(section, f64x2.extract_lane(d, 0), 96);
  const states = f64x2.add(f64x2.abs(s1), f64x2.abs(s2));
  return f64x2.extract_lane(states, 0) + f64x2.extract_lane(states, 1);
}
