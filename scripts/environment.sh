# Sourced by every script and make target: which compiler, linker and cache the build uses.
#
# One compiler builds server and browser side, whatever the machine's default is: the pinned one, so
# that lints say the same everywhere and the cache holds. Where rustup cannot fetch it, set-up has
# linked Debian's compiler as the toolchain `patchline`, and everything uses that one.

export PATCHLINE_CACHE="${PATCHLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/patchline}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PATCHLINE_CACHE/target}"
export CARGO_TERM_PROGRESS_WHEN="${CARGO_TERM_PROGRESS_WHEN:-auto}"
export LEPTOS_OUTPUT_NAME=patchline
# First of all: right after rustup was installed, no shell has its folder yet. The npm tools of the build
# (wasm-opt, as set-up has linked it) and the cargo tools of this project come before anything else of their names.
PATCHLINE_CARGO_TOOLS="$PATCHLINE_CACHE/cargo-tools"
export PATH="$PWD/node_modules/.bin:$PATCHLINE_CARGO_TOOLS/bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

# The tools of the build (cargo-leptos) need it at least.
PATCHLINE_RUST=1.96.0
PATCHLINE_LLVM=22
PATCHLINE_LLD_BIN="/usr/lib/llvm-$PATCHLINE_LLVM/bin"

# The pinned one counts when all of it is there: where the browser's part, the linter or the formatter
# cannot be fetched, Debian's is taken.
pinned_compiler_is_complete() {
    local toolchain
    for toolchain in "${RUSTUP_HOME:-$HOME/.rustup}/toolchains/$PATCHLINE_RUST-"*; do
        [ -d "$toolchain/lib/rustlib/wasm32-unknown-unknown/lib" ] &&
            [ -x "$toolchain/bin/cargo-clippy" ] && [ -x "$toolchain/bin/rustfmt" ] && return 0
    done
    return 1
}

patchline_toolchains=$(rustup toolchain list 2>/dev/null || true)
if [[ $'\n'$patchline_toolchains == *$'\n'"$PATCHLINE_RUST"-* ]] && pinned_compiler_is_complete; then
    export RUSTUP_TOOLCHAIN="$PATCHLINE_RUST"
elif [[ $'\n'$patchline_toolchains =~ $'\n'patchline($|[[:space:]]) ]]; then
    export RUSTUP_TOOLCHAIN=patchline
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="wasm-ld-$PATCHLINE_LLVM"
    if [ -x "$PATCHLINE_CACHE/bin/cc-lld" ]; then
        export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER="$PATCHLINE_CACHE/bin/cc-lld"
    fi
fi
unset patchline_toolchains
