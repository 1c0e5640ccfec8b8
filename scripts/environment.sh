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
# (wasm-opt) come before anything else of that name.
export PATH="$PWD/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

# The tools of the build (cargo-leptos) need it at least.
PATCHLINE_RUST=1.96.0
PATCHLINE_LLVM=22
PATCHLINE_LLD_BIN="/usr/lib/llvm-$PATCHLINE_LLVM/bin"

# The pinned one counts when it can compile for the browser; where only that part cannot be fetched,
# Debian's is taken.
pinned_compiles_for_the_browser() {
    local folder
    for folder in "${RUSTUP_HOME:-$HOME/.rustup}/toolchains/$PATCHLINE_RUST-"*/lib/rustlib/wasm32-unknown-unknown/lib; do
        [ -d "$folder" ] && return 0
    done
    return 1
}

patchline_toolchains=$(rustup toolchain list 2>/dev/null || true)
if [[ $'\n'$patchline_toolchains == *$'\n'"$PATCHLINE_RUST"-* ]] && pinned_compiles_for_the_browser; then
    export RUSTUP_TOOLCHAIN="$PATCHLINE_RUST"
elif [[ $'\n'$patchline_toolchains =~ $'\n'patchline($|[[:space:]]) ]]; then
    export RUSTUP_TOOLCHAIN=patchline
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="wasm-ld-$PATCHLINE_LLVM"
    if [ -x "$PATCHLINE_CACHE/bin/cc-lld" ]; then
        export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER="$PATCHLINE_CACHE/bin/cc-lld"
    fi
fi
unset patchline_toolchains
