export function WelcomePage() {
  return <p>Welcome</p>;
}
