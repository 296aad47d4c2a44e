// Where uploads are on the gateway's HTTP front.
export const UPLOADS_PATH = '/uploads';
