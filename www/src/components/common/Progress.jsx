/** A bar from 0 to 1 with its label; without a value it only says that something goes on. */
export function Progress({ label, value }) {
  return <progress class="progress" aria-label={label} max={1} value={value} />;
}
