export function AttentionPage() {
  return <p>Attention</p>;
}
