// Package picture turns what people upload into pictures that are safe to show: decoded within hard limits, turned
// upright, scaled to a few sizes and written anew as JPEG, so that nothing of the original file's bytes is kept: no
// position, no camera, no hidden second file.
//
// It owns the limits and the sizes. It reads JPEG, PNG, WebP and the first frame of GIF; it refuses everything else,
// SVG above all, since that is a program. It will not store or name pictures (kit/blob does).
package picture
