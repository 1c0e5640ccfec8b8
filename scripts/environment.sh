# Sourced by every script and make target: which compiler, linker and cache the build uses.
#
# Where rustup can add the browser target nothing is set but the cache. Where it cannot, set-up
# has linked Debian's compiler as the toolchain `patchline`, and everything uses that one, so that
# server and browser share one compiler and one cache.

export PATCHLINE_CACHE="${PATCHLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/patchline}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PATCHLINE_CACHE/target}"
export CARGO_TERM_PROGRESS_WHEN="${CARGO_TERM_PROGRESS_WHEN:-auto}"
export LEPTOS_OUTPUT_NAME=patchline

PATCHLINE_LLVM=22
PATCHLINE_LLD_BIN="/usr/lib/llvm-$PATCHLINE_LLVM/bin"

if rustup toolchain list 2>/dev/null | grep -q '^patchline\b'; then
    export RUSTUP_TOOLCHAIN=patchline
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="wasm-ld-$PATCHLINE_LLVM"
    if [ -x "$PATCHLINE_CACHE/bin/cc-lld" ]; then
        export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER="$PATCHLINE_CACHE/bin/cc-lld"
    fi
fi

# The npm tools of the build (wasm-opt) come before anything else of that name.
export PATH="$PWD/node_modules/.bin:$HOME/.cargo/bin:$PATH"
