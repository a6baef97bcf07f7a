export function CallsPage() {
  return <p>Calls</p>;
}
