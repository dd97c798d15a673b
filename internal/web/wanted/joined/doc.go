// Package joined tells, on a wish's way, which like wishes have merged into it, and into which one it has.
package joined
