// The lab's mark: four nodes of a mesh. Decoration only; the name stands beside it as text.
import logo from './logo.svg';

export const Logo = ({ size = 28 }: { size?: number }) => (
  <img className="logo" src={logo} width={size} height={size} alt="" />
);
