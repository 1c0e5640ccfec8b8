# Sourced: runs a script's stages one after the other, each under a heading with the time so far.

stages_started=$SECONDS
stage_title=

elapsed() { printf '%d:%02d' $((($1) / 60)) $((($1) % 60)); }

# stage TITLE COMMAND…: stops the script when the command fails, and says which stage it was.
stage() {
    local began=$SECONDS status=0
    stage_title=$1
    shift
    printf '\n\033[1m== %s\033[0m  (%s since the start)\n' "$stage_title" "$(elapsed $((SECONDS - stages_started)))"
    "$@" || status=$?
    if [ "$status" != 0 ]; then
        printf '\n\033[1m== failed: %s\033[0m  (status %s after %s)\n' "$stage_title" "$status" "$(elapsed $((SECONDS - began)))" >&2
        exit "$status"
    fi
}
